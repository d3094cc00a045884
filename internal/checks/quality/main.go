// Command quality trains on the same pictures with this program and with its
// peer, testdata/peers/dcgan_train.py, and prints how near the samples of each
// come to held-out pictures, as a Markdown table.
//
//	go run ./internal/checks/quality -data facades_windows -out runs/quality
//
// -data is a folder with patches72.zip, train_patches.txt and
// heldout_patches.txt. Both sides take the same recipe: width 32, batches of 64,
// colour and translation, labels of 0.9, a moving average of 0.999. Trainings
// that are already in -out are not repeated, and ours go on where they were
// stopped. The judge is dcganviz score kid, on features that no net here was
// trained on. It exits with 1 if our mean is above the peer's mean plus its
// spread.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quality", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var t trainings
	seeds := flags.Int("seeds", 3, "trainings of each side, with the seeds from 1 on")
	flags.IntVar(&t.steps, "steps", 3000, "steps of each training")
	flags.StringVar(&t.data, "data", "", "`folder` of the pictures and their lists")
	flags.StringVar(&t.out, "out", "runs/quality", "`folder` for the trained models")
	flags.StringVar(&t.program, "program", "bin/dcganviz", "our program")
	flags.StringVar(&t.python, "python", "/usr/bin/python3", "the Python that has torch")
	flags.StringVar(&t.preload, "preload", "libtcmalloc_minimal.so.4", "allocator that PyTorch is tuned with; empty: none")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || *seeds < 2 || t.steps < 1 || t.data == "" {
		fmt.Fprintln(stderr, "quality: want -data DIR, at least two seeds and one step, and no arguments")
		return 2
	}
	if err := os.MkdirAll(t.out, 0o777); err != nil {
		fmt.Fprintf(stderr, "quality: %v\n", err)
		return 1
	}
	figures := make([][]likeness, len(sides))
	for seed := 1; seed <= *seeds; seed++ {
		for i, s := range sides {
			model, err := s.train(&t, ctx, seed)
			if err != nil {
				fmt.Fprintf(stderr, "quality: %s, seed %d: %v\n", s.name, seed, err)
				return 1
			}
			k, err := t.score(ctx, append([]string{model}, s.read...))
			if err != nil {
				fmt.Fprintf(stderr, "quality: %s, seed %d: %v\n", s.name, seed, err)
				return 1
			}
			fmt.Fprintf(stderr, "%s, seed %d: KID %.3f ± %.3f\n", s.name, seed, k.Whole.KID.Value, k.Whole.KID.SE)
			figures[i] = append(figures[i], k)
		}
	}
	fmt.Fprintf(stdout, "%d steps, %d held-out pictures, as many samples\n\n", t.steps, figures[0][0].Whole.Real)
	table(stdout, figures)
	if !noWorse(figures[ours], figures[peer]) {
		return 1
	}
	return 0
}

// likeness is what score kid --json says, as far as it is used here.
type likeness struct {
	Whole struct {
		Real      int
		Precision float64
		Recall    float64
		KID       struct{ Value, SE float64 }
	}
}

// A side is one way to train and to read what was trained.
type side struct {
	name  string
	train func(t *trainings, ctx context.Context, seed int) (string, error)
	read  []string // flags of ours
}

// The peer's moving average carries the batch norm statistics of its G. Its
// samples are judged as it draws them, and with statistics of their own.
const (
	ours = iota
	peer
)

var sides = []side{
	{"dcganviz train", (*trainings).ours, nil},
	{"PyTorch", (*trainings).peer, []string{"--key", "GE"}},
	{"PyTorch, batch norm statistics of the samples", (*trainings).peer, []string{"--key", "GE", "--bn", "batch"}},
}

// trainings say what is trained, and where.
type trainings struct {
	steps           int
	data, out       string
	program         string
	python, preload string
}

func (t *trainings) pictures() (zip, train, heldout string) {
	return filepath.Join(t.data, "patches72.zip"), filepath.Join(t.data, "train_patches.txt"), filepath.Join(t.data, "heldout_patches.txt")
}

// ours trains with this program, and returns the run.
func (t *trainings) ours(ctx context.Context, seed int) (string, error) {
	folder := filepath.Join(t.out, fmt.Sprintf("ours-%d", seed))
	args := []string{"train", "--out", folder}
	if _, err := os.Stat(filepath.Join(folder, "summary.json")); err == nil {
		return folder, nil
	}
	if _, err := os.Stat(filepath.Join(folder, "run.json")); err == nil {
		args = append(args, "--resume")
	} else {
		zip, list, _ := t.pictures()
		args = append(args, "--data", zip, "--list", list, "--preset", "small-data", "--flip",
			"--batch", "64", "--width", "32", "--steps", strconv.Itoa(t.steps), "--seed", strconv.Itoa(seed))
	}
	_, err := output(exec.CommandContext(ctx, t.program, args...))
	return folder, err
}

// peer trains with the peer's script, and returns its file.
func (t *trainings) peer(ctx context.Context, seed int) (string, error) {
	name := filepath.Join(t.out, fmt.Sprintf("peer-%d", seed))
	if _, err := os.Stat(name + ".pth"); err == nil {
		return name + ".pth", nil
	}
	zip, list, _ := t.pictures()
	cmd := exec.CommandContext(ctx, t.python, "testdata/peers/dcgan_train.py", name, zip, "--data", filepath.Join(t.out, "cache"), "--list", list,
		"--steps", strconv.Itoa(t.steps), "--g", "32", "--d", "32", "--batch", "64", "--ema", "0.999", "--aug", "ct", "--smooth", "0.9", "--seed", strconv.Itoa(seed))
	// Some machines slow OpenBLAS down by these, for the sake of its old builds.
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") && !strings.HasPrefix(v, "OPENBLAS_L2_SIZE=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LD_PRELOAD="+t.preload)
	_, err := output(cmd)
	return name + ".pth", err
}

// score holds samples of a model against the held-out pictures.
func (t *trainings) score(ctx context.Context, model []string) (k likeness, err error) {
	zip, _, list := t.pictures()
	args := append([]string{"score", "kid", "--images", zip, "--list", list, "--json"}, model...)
	out, err := output(exec.CommandContext(ctx, t.program, args...))
	if err != nil {
		return k, err
	}
	return k, json.Unmarshal(out, &k)
}

// output runs a command; an error carries the end of what it said.
func output(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		said := strings.TrimSpace(string(exit.Stderr))
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, said[max(0, len(said)-500):])
	}
	return out, err
}
