package main

import (
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/memory"
	"dcganviz/model"
	"dcganviz/model/train"
)

// TestTooLargeARunNamesWhatFits: what a refusal names fits, and twice as much does not.
func TestTooLargeARunNamesWhatFits(t *testing.T) {
	for _, c := range []struct {
		g, d, batch int
		resume      bool
	}{{512, 512, 128, false}, {512, 512, 2, false}, {64, 64, 10000, true}, {300, 40, 64, false}, {1, 1, 10000, false}} {
		p := &plan{resume: c.resume}
		p.cfg = model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: c.g, DWidth: c.d}
		p.opt = train.Options{Batch: c.batch}
		left := memory.Room{Bytes: 1 << 30, By: "the test"}
		_, err := p.checkMemory(1, left)
		if exitCode(err) != exitUsage || !strings.Contains(err.Error(), "and the test leaves 1.1 GB: ") || c.resume != strings.Contains(err.Error(), "another --out") {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		named := 0
		for _, m := range regexp.MustCompile(`--(width|gwidth|batch) (\d+)(?: --dwidth (\d+))?`).FindAllStringSubmatch(err.Error(), -1) {
			n, _ := strconv.Atoi(m[2])
			dn, err := strconv.Atoi(m[3])
			if err != nil {
				dn = n
			}
			cfg, batch := p.cfg, n
			if m[1] != "batch" {
				cfg.GWidth, cfg.DWidth, batch = n, dn, c.batch
			}
			if p.memory(cfg, batch, 1) > left.Bytes {
				t.Errorf("%+v: %s does not fit", c, m[0])
			}
			if cfg.GWidth, cfg.DWidth = 2*cfg.GWidth, 2*cfg.DWidth; m[1] != "batch" && p.memory(cfg, batch, 1) <= left.Bytes {
				t.Errorf("%+v: far more than %s fits", c, m[0])
			}
			named++
		}
		if named == 0 {
			t.Errorf("%+v: nothing that fits is named: %v", c, err)
		}
	}
}

// TestRoomForPictures: they get what the nets leave, and a run is not refused for them.
func TestRoomForPictures(t *testing.T) {
	p := &plan{cfg: model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 8, GWidth: 8, DWidth: 8}}
	need := p.memory(p.cfg, p.opt.Batch, 1)
	for left, want := range map[int64]int64{need: -1, need + 5: 5, math.MaxInt64: cacheBytes} {
		if got, err := p.checkMemory(1, memory.Room{Bytes: left}); got != want || err != nil {
			t.Errorf("%d bytes for pictures, %v, want %d", got, err, want)
		}
	}
}

// TestTrainWithinALimit trains nets that would end in a trace of the limit.
func TestTrainWithinALimit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the limit of address space is Linux'")
	}
	folder := filepath.Join(t.TempDir(), "run")
	p := newProcess(t, "train", "--data", photos, "--out", folder, "--steps", "1", "--width", "512", "--batch", "2")
	p.cmd.Args = append([]string{"sh", "-c", `ulimit -v 6000000; exec "$0" "$@"`, p.cmd.Path}, p.cmd.Args[1:]...)
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	p.cmd.Path = sh
	p.start(t)
	if code := p.wait(t); code != exitUsage || strings.Count(p.stderr.String(), "\n") != 1 || !strings.Contains(p.stderr.String(), "take --width ") {
		t.Errorf("exit code %d, want %d and a line that names --width\n%s", code, exitUsage, p.stderr.String())
	}
}
