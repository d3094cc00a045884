package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ortFolder is the environment variable that names the folder with bench.js,
// its exported nets and its node_modules.
const ortFolder = "DCGANVIZ_ORT"

// peakProgram is the environment variable that names the program made of peak.c.
const peakProgram = "DCGANVIZ_PEAK"

// slowdown lists environment variables that some machines set for the sake of
// old OpenBLAS builds, and which would slow a peer down.
var slowdown = []string{"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}

// sample is one measurement.
type sample struct {
	images float64 // per second
	others float64 // cores that other processes used meanwhile; negative: unknown
	bytes  float64 // of the file that is written, where one is
	gflops float64 // of our benchmarks: operations a second, counted as direct convolution's
}

// skipped says why a peer is not measured here.
type skipped string

func (s skipped) Error() string { return string(s) }

func isSkipped(err error) bool { var s skipped; return errors.As(err, &s) }

// setup is how this run measures.
type setup struct {
	seconds float64
	threads int
	limit   time.Duration
	python  string
	preload string

	root  string            // of the repository
	tests string            // folder of the compiled benchmarks
	built map[string]string // compiled benchmark of each package
	why   map[string]error  // why a peer is not measured
}

// prepare finds the repository and the peers. remove deletes what it made.
func (s *setup) prepare(ctx context.Context) error {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	s.root = filepath.Dir(strings.TrimSpace(string(mod)))
	if _, err := os.Stat(s.script("dcgan_bench.py")); err != nil {
		return fmt.Errorf("run it in the repository: %w", err)
	}
	s.built, s.why = map[string]string{}, map[string]error{}
	if err := exec.CommandContext(ctx, s.python, "-c", "import torch").Run(); err != nil {
		s.why[pytorch] = skipped("not measured: " + s.python + " has no torch")
	}
	if err := exec.CommandContext(ctx, s.python, "-c", "import torchvision").Run(); err != nil {
		s.why[vision] = skipped("not measured: " + s.python + " has no torchvision")
	}
	if dir := os.Getenv(ortFolder); dir == "" {
		s.why[runtime] = skipped("not measured: " + ortFolder + " is not set")
	} else if _, err := os.Stat(filepath.Join(dir, "node_modules", "onnxruntime-node")); err != nil {
		s.why[runtime] = skipped("not measured: no onnxruntime-node in " + ortFolder)
	}
	s.tests, err = os.MkdirTemp("", "compare")
	return err
}

func (s *setup) remove() { os.RemoveAll(s.tests) }

func (s *setup) script(name string) string {
	return filepath.Join(s.root, "testdata", "peers", name)
}

// grid is where torchvision's side leaves its pictures for ours.
func (s *setup) grid() string { return filepath.Join(s.tests, "grid.npy") }

// measure runs one side of w once.
func (s *setup) measure(ctx context.Context, w work, side string) (sample, error) {
	if err := s.why[side]; err != nil {
		return sample{}, err
	}
	threads, seconds := strconv.Itoa(s.threads), strconv.FormatFloat(s.seconds, 'g', -1, 64)
	switch side {
	case pytorch, vision:
		args := append([]string{s.script("dcgan_bench.py"), "--threads", threads, "--secs", seconds}, w.torch...)
		if side == vision {
			args = []string{s.script("grid_bench.py"), "--threads", threads, "--secs", seconds, "--npy", s.grid()}
		}
		out, _, err := s.command(ctx, s.root, []string{"LD_PRELOAD=" + s.preload}, s.python, args...)
		if err != nil {
			return sample{}, err
		}
		return parsePeer(out)
	case runtime:
		args := append([]string{"bench.js"}, w.onnx...)
		out, _, err := s.command(ctx, os.Getenv(ortFolder), nil, "node", append(args, threads, seconds)...)
		if err != nil {
			return sample{}, err
		}
		return parsePeer(out)
	}
	binary, err := s.build(ctx, w.pkg)
	if err != nil {
		return sample{}, err
	}
	env := []string{"GOMAXPROCS=" + threads}
	if w.grid && s.why[vision] == nil {
		env = append(env, "DCGANVIZ_GRID="+s.grid())
	}
	out, others, err := s.command(ctx, filepath.Join(s.root, w.pkg), env, binary,
		"-test.run=NONE", "-test.bench="+exactly(w.bench), "-test.benchtime="+seconds+"s")
	if err != nil {
		return sample{}, err
	}
	got, err := parseBenchmark(out, w.bench)
	got.others = others
	return got, err
}

// peak returns how many fused multiply-adds the machine makes, in GFLOP/s, by the
// program that peakProgram names, and 0 where none is named.
func (s *setup) peak(ctx context.Context) (float64, error) {
	program := os.Getenv(peakProgram)
	if program == "" {
		return 0, nil
	}
	out, _, err := s.command(ctx, s.root, nil, program, strconv.Itoa(s.threads))
	if err != nil {
		return 0, err
	}
	most := 0.0
	for _, m := range regexp.MustCompile(`(?m)^fma\d+_GFLOPs ([\d.]+)$`).FindAllSubmatch(out, -1) {
		v, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return 0, err
		}
		most = max(most, v)
	}
	if most == 0 {
		return 0, fmt.Errorf("%s printed no fma..._GFLOPs", filepath.Base(program))
	}
	return most, nil
}

// build compiles the benchmarks of a package once, so that no compiler runs
// while they are measured.
func (s *setup) build(ctx context.Context, pkg string) (string, error) {
	if s.built[pkg] != "" {
		return s.built[pkg], nil
	}
	binary := filepath.Join(s.tests, fmt.Sprintf("%d.test", len(s.built)))
	if _, _, err := s.command(ctx, s.root, nil, "go", "test", "-c", "-o", binary, pkg); err != nil {
		return "", err
	}
	s.built[pkg] = binary
	return binary, nil
}

// command runs a program and returns its output and how many cores other
// processes used meanwhile.
func (s *setup) command(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, float64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(slowdown, name)
	}), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	busy, start := busySeconds(), time.Now()
	out, err := cmd.Output()
	wall, others := time.Since(start).Seconds(), busySeconds()-busy
	switch {
	case ctx.Err() != nil:
		return nil, 0, fmt.Errorf("%s: %w", filepath.Base(name), ctx.Err())
	case err != nil:
		return nil, 0, fmt.Errorf("%s: %w: %s", filepath.Base(name), err, lastLine(stderr.Bytes()))
	case bytes.Contains(stderr.Bytes(), []byte("cannot be preloaded")):
		return nil, 0, fmt.Errorf("%s: %s", filepath.Base(name), lastLine(stderr.Bytes()))
	case busy < 0:
		return out, -1, nil
	}
	own := (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return out, max(0, (others-own)/wall), nil
}

func lastLine(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}

// exactly makes of a benchmark's path the pattern that only it matches.
func exactly(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// parsePeer reads the JSON line of a peer's script, the last line of out.
func parsePeer(out []byte) (sample, error) {
	var line struct {
		Images float64 `json:"img_s"`
		Others float64 `json:"others_cores"`
		Bytes  float64 `json:"bytes"`
	}
	if err := json.Unmarshal([]byte(lastLine(out)), &line); err != nil {
		return sample{}, fmt.Errorf("peer printed %q: %w", lastLine(out), err)
	}
	if !(line.Images > 0) {
		return sample{}, fmt.Errorf("peer printed %q: no img_s", lastLine(out))
	}
	return sample{images: line.Images, others: line.Others, bytes: line.Bytes}, nil
}

// parseBenchmark reads the images/s of the one benchmark of that path from the
// output of go test, and its file-bytes where it has any.
func parseBenchmark(out []byte, path string) (sample, error) {
	var found []sample
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 4 || f[0] != path && !strings.HasPrefix(f[0], path+"-") {
			continue
		}
		var one sample
		for i := 2; i+1 < len(f); i += 2 { // name, count, then value and unit
			v, err := strconv.ParseFloat(f[i], 64)
			switch f[i+1] {
			case "images/s":
				one.images = v
			case "file-bytes":
				one.bytes = v
			case "GFLOP/s":
				one.gflops = v
			default:
				continue
			}
			if err != nil || !(v > 0) {
				return sample{}, fmt.Errorf("%s: %s is %q", path, f[i+1], f[i])
			}
		}
		if one.images > 0 {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return sample{}, fmt.Errorf("%s: found %d results with images/s, want 1", path, len(found))
	}
	return found[0], nil
}

// busySeconds returns the processor seconds that all processes used since the
// machine started, or -1 where that is not known.
func busySeconds() float64 {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return -1
	}
	f := strings.Fields(string(stat))
	if len(f) < 9 || f[0] != "cpu" {
		return -1
	}
	ticks := 0.0
	for _, i := range []int{1, 2, 3, 6, 7, 8} { // all but idle and waiting for a disk
		v, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return -1
		}
		ticks += v
	}
	return ticks / 100 // USER_HZ is 100 on every Linux that Go runs on
}

// processor names the machine's processor.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		if m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info); m != nil {
			return string(m[1])
		}
	}
	return "unknown processor"
}
