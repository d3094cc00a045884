package doctor

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe"
)

// facades opens the embedded model: a healthy one, to plant faults in.
func facades(t *testing.T) *checkpoint.Checkpoint {
	t.Helper()
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// opened opens a file below the folder that an environment variable names.
func opened(t *testing.T, variable, name string, opt checkpoint.OpenOptions) *checkpoint.Checkpoint {
	t.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		t.Skipf("%s names no folder", variable)
	}
	c, err := checkpoint.Open(filepath.Join(dir, name), opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func svhn(t *testing.T, unflipped bool) *checkpoint.Checkpoint {
	t.Helper()
	return opened(t, "DCGANVIZ_PUBLISHED", "newmu_svhn_dcgan", checkpoint.OpenOptions{Unflipped: unflipped})
}

func digits(t *testing.T) *checkpoint.Checkpoint {
	t.Helper()
	return opened(t, "DCGANVIZ_PUBLISHED", "pytorch/ryhan9834_digitdcgan_generator.pth", checkpoint.OpenOptions{})
}

func pytorch(t *testing.T) *checkpoint.Checkpoint {
	t.Helper()
	return opened(t, "DCGANVIZ_CKPT", "full_checkpoint.pth", checkpoint.OpenOptions{})
}

func examine(t *testing.T, c *checkpoint.Checkpoint) *Report {
	t.Helper()
	r, err := Examine(t.Context(), c, model.RunOptions{}, Options{Settings: probe.Settings{Seed: 1}, Samples: 32})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// expect fails unless the checks in want, and no others, found what they should;
// "/" separates a verdict that is allowed too.
func expect(t *testing.T, r *Report, want map[string]string) {
	t.Helper()
	for _, f := range r.Findings {
		allowed := want[f.Check]
		if allowed == "" {
			allowed = "ok/not applicable"
		}
		found := false
		for _, v := range strings.Split(allowed, "/") {
			found = found || v == f.Verdict.String()
		}
		if !found {
			t.Errorf("%s is %v, want %s: %s", f.Check, f.Verdict, allowed, f.Evidence)
		}
		if (f.Verdict == Wrong || f.Verdict == Doubtful) && f.Advice == "" {
			t.Errorf("%s is %v and has no advice", f.Check, f.Verdict)
		}
		if f.Evidence == "" || f.Check != "finite" && strings.Contains(f.Evidence, "NaN") || strings.Contains(f.Evidence, "%!") {
			t.Errorf("%s: evidence %q", f.Check, f.Evidence)
		}
	}
}

// edit changes a net's state dict: f is called with each tensor.
func edit(t *testing.T, n interface {
	State() []model.NamedTensor
	LoadState([]model.NamedTensor) error
}, f func(name string, x []float32)) {
	t.Helper()
	state := n.State()
	for _, e := range state {
		f(e.Name, e.Data)
	}
	if err := n.LoadState(state); err != nil {
		t.Fatal(err)
	}
}

func TestHealthyModels(t *testing.T) {
	t.Run("facades", func(t *testing.T) {
		r, err := Examine(t.Context(), facades(t), model.RunOptions{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, r, nil)
		// The check of layers is for nets of other programs.
		if r.Verdict != OK || len(r.Findings) != len(checks)-1 || len(r.Exhibits) != 4 || r.Exhibits[0].Images.Len() != defaultExhibits {
			t.Errorf("%v with %d findings and %d exhibits", r.Verdict, len(r.Findings), len(r.Exhibits))
		}
	})
	t.Run("pytorch", func(t *testing.T) {
		expect(t, examine(t, pytorch(t)), map[string]string{"kernels": "ok", "latents": "ok", "batchnorm": "ok", "pair": "ok"})
	})
	t.Run("svhn", func(t *testing.T) {
		expect(t, examine(t, svhn(t, false)), map[string]string{"kernels": "ok", "batchnorm": "doubtful"})
	})
	t.Run("digits", func(t *testing.T) {
		// Two thirds of its first layer are dead indeed, whatever the latent.
		r := examine(t, digits(t))
		expect(t, r, map[string]string{"kernels": "ok", "latents": "ok", "batchnorm": "ok", "units": "doubtful"})
	})
}

// state returns a digest of all weights and statistics.
func state(c *checkpoint.Checkpoint) string {
	h := sha256.New()
	fmt.Fprint(h, c.G.State())
	if c.D != nil {
		fmt.Fprint(h, c.D.State())
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestExamineLeavesModelUnchanged(t *testing.T) {
	c := facades(t)
	before := state(c)
	examine(t, c)
	if after := state(c); after != before {
		t.Error("weights or statistics have changed")
	}
}

func TestThreadsDoNotMatter(t *testing.T) {
	c := facades(t)
	var texts [2]string
	for i := range texts {
		pool := model.NewPool(1 + i)
		r, err := Examine(t.Context(), c, model.RunOptions{Pool: pool}, Options{Settings: probe.Settings{Seed: 3}, Samples: 16})
		pool.Close()
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = fmt.Sprintf("%s %x", b, sha256.Sum256(fmt.Append(nil, r.Exhibits)))
	}
	if texts[0] != texts[1] {
		t.Errorf("1 thread: %s\n2 threads: %s", texts[0], texts[1])
	}
}

func TestExamineDAlone(t *testing.T) {
	c := facades(t)
	c.G = nil
	r := examine(t, c)
	expect(t, r, map[string]string{"finite": "ok", "pair": "not applicable"})
	if len(r.Exhibits) != 0 {
		t.Error("exhibits of no G")
	}
	if _, err := Examine(t.Context(), &checkpoint.Checkpoint{}, model.RunOptions{}, Options{}); err == nil {
		t.Error("nothing was examined")
	}
}
