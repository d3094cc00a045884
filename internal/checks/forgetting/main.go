// Command forgetting tries the paper's rule of its section 6.3.1 on many nets: it trains
// them, drops the maps that a probe finds drawing windows, and those drawing signboards,
// and prints what viewers on pixels see removed, beside random maps, as a Markdown table.
//
//	go run ./internal/checks/forgetting -data facades_windows -out runs/forgetting
//
// -data is a folder with patches72.zip, train_patches.txt, heldout_patches.txt,
// patches.csv and patch_boxes.csv. What is in -out already is not made again, and
// trainings go on where they were stopped. The numbers go to -numbers, without the nets.
//
// The viewers are alike for all nets, and look at pixels alone: one of the first half of
// the photographs finds the concept for the probe, one of the second half judges.
//
// With -choose it trains nothing: it prints what settings of the method fill-seen do, by
// the viewers of the first half, on samples of their own.
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
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("forgetting", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var s study
	nets := flags.String("nets", "32:1,32:2,32:3,64:1,64:2,64:3,128:1", "`WIDTH:SEED` of each net")
	flags.IntVar(&s.steps, "steps", 3000, "steps of each training")
	flags.IntVar(&s.epochs, "epochs", 20, "epochs of the viewer that finds signboards")
	flags.IntVar(&s.samples, "samples", 500, "samples to measure on")
	flags.IntVar(&s.draws, "draws", 200, "draws of random maps")
	flags.IntVar(&s.probes, "probes", 5, "probes, each of a seed of its own")
	flags.StringVar(&s.data, "data", "", "`folder` of the pictures and their lists")
	flags.StringVar(&s.out, "out", "runs/forgetting", "`folder` for the nets")
	flags.StringVar(&s.program, "program", "bin/dcganviz", "our program")
	numbers := flags.String("numbers", "", "write the numbers to this `file`, as JSON")
	choosing := flags.Bool("choose", false, "print what settings of fill-seen do, and train nothing")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	fail := func(err error) int {
		fmt.Fprintf(stderr, "forgetting: %v\n", err)
		return 1
	}
	if *choosing {
		if err := choose(ctx, stdout, s.samples); err != nil {
			return fail(err)
		}
		return 0
	}
	if flags.NArg() > 0 || s.data == "" || s.steps < 1 {
		fmt.Fprintln(stderr, "forgetting: want -data DIR, at least one step, and no arguments")
		return 2
	}
	all, err := netsOf(*nets)
	if err != nil {
		return fail(err)
	}
	rows, err := s.rows(ctx, all, stderr)
	if err != nil {
		return fail(err)
	}
	table(stdout, rows)
	if *numbers == "" {
		return 0
	}
	text, err := json.MarshalIndent(rows, "", "\t")
	if err == nil {
		err = os.WriteFile(*numbers, append(text, '\n'), 0o666)
	}
	if err != nil {
		return fail(err)
	}
	return 0
}

// A study says how nets are trained and measured.
type study struct {
	steps, epochs, samples, draws, probes int
	data, out, program                    string
}

// A net is a training.
type net struct {
	Width int `json:"width"`
	Seed  int `json:"seed"`
}

// netsOf parses a list such as 32:1,64:2.
func netsOf(list string) (all []net, err error) {
	for _, text := range strings.Split(list, ",") {
		var n net
		if _, err := fmt.Sscanf(text, "%d:%d", &n.Width, &n.Seed); err != nil || n.Width < 1 || n.Seed < 0 {
			return nil, fmt.Errorf("-nets: %.40q, want WIDTH:SEED", text)
		}
		all = append(all, n)
	}
	return all, nil
}

// concepts are what nets are to forget, with the viewers of both halves.
var concepts = []struct{ name, finder, judge string }{
	{"window", "facades-window-guide", "facades-window-judge"},
	{"signboard", "", "facades-signboard-judge"}, // its finder is fitted
}

// rows makes what is not there yet and reads it.
func (s *study) rows(ctx context.Context, nets []net, stderr io.Writer) (rows []row, err error) {
	if err := os.MkdirAll(s.out, 0o777); err != nil {
		return nil, err
	}
	finder, err := s.signboards(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range nets {
		folder, err := s.train(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("width %d, seed %d: %w", n.Width, n.Seed, err)
		}
		for _, c := range concepts {
			r, err := s.measure(ctx, folder, c.name, firstOf(c.finder, finder), c.judge)
			if err != nil {
				return nil, fmt.Errorf("width %d, seed %d: %s: %w", n.Width, n.Seed, c.name, err)
			}
			r.net = n
			r.Concept = c.name
			rows = append(rows, r)
			fmt.Fprintf(stderr, "width %d, seed %d: %s: %.0f%% removed, p %.3f\n", n.Width, n.Seed, c.name, 100*r.Rule.Removed.Mean, r.Random.P)
		}
	}
	return rows, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (s *study) path(name string) string { return filepath.Join(s.data, name) }

// signboards fits the viewer that finds signboards, as the one of windows was.
func (s *study) signboards(ctx context.Context) (string, error) {
	file := filepath.Join(s.out, "signboard-finder.safetensors")
	if there(file) {
		return file, nil
	}
	return file, s.call(ctx, nil, "score", "fit", "--kind", "pixels", "--data", s.path("patches72.zip"), "--list", s.path("train_patches.txt"),
		"--boxes", s.path("patch_boxes.csv"), "--sources", s.path("patches.csv"), "--heldout", s.path("heldout_patches.txt"),
		"--concept", "signboard", "--half", "first", "--epochs", fmt.Sprint(s.epochs), "--seed", "2", "--out", file)
}

// train trains a net, and returns its folder.
func (s *study) train(ctx context.Context, n net) (string, error) {
	folder := filepath.Join(s.out, fmt.Sprintf("width%d-seed%d", n.Width, n.Seed))
	switch {
	case there(filepath.Join(folder, "summary.json")):
		return folder, nil
	case there(filepath.Join(folder, "run.json")):
		return folder, s.call(ctx, nil, "train", "--out", folder, "--resume")
	}
	return folder, s.call(ctx, nil, "train", "--out", folder, "--data", s.path("patches72.zip"), "--list", s.path("train_patches.txt"), "--preset", "small-data", "--flip",
		"--batch", "64", "--width", fmt.Sprint(n.Width), "--steps", fmt.Sprint(s.steps), "--seed", fmt.Sprint(n.Seed))
}

// measure tries the rule on a net. The numbers stay beside it.
func (s *study) measure(ctx context.Context, folder, concept, finder, judge string) (r row, err error) {
	file := filepath.Join(folder, "forget-"+concept)
	if !there(file + ".json") {
		err := s.call(ctx, nil, "forget", folder, "--concept", concept, "--method", "paper", "--scorer", finder, "--judge", judge,
			"--samples", fmt.Sprint(s.samples), "--draws", fmt.Sprint(s.draws), "--probes", fmt.Sprint(s.probes), "--out", file+".png")
		if err != nil {
			return r, err
		}
	}
	text, err := os.ReadFile(file + ".json")
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// call runs our program; an error carries the end of what it said.
func (s *study) call(ctx context.Context, stdout io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, s.program, args...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = stdout, &said
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		text := strings.TrimSpace(said.String())
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, text[max(0, len(text)-500):])
	}
	return err
}
