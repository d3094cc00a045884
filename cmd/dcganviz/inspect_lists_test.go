package main

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/internal/fileio"
	"dcganviz/internal/pth"
	"dcganviz/model/checkpoint"
)

// writeDict writes a state dict as PyTorch would.
func writeDict(t *testing.T, path string, tensors ...pth.NamedTensor) string {
	t.Helper()
	err := fileio.WriteFile(path, fileio.Options{}, func(w io.Writer) error { return pth.WriteZip(w, tensors) })
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func newTensor[T pth.Element](t *testing.T, name string, shape []int, values ...T) pth.NamedTensor {
	t.Helper()
	x, err := pth.New(name, shape, values)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func inspect(t *testing.T, args ...string) (a inspected) {
	t.Helper()
	r := must(t, append([]string{"inspect", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestInspectListsWhatCannotBeRun lists a net with an embedding and an
// optimizer's step, with statistics computed by hand.
func TestInspectListsWhatCannotBeRun(t *testing.T) {
	t.Chdir(t.TempDir())
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	path := writeDict(t, "other.pth",
		newTensor[float32](t, "attention.weight", []int{2, 1, 3}, 1, 0, 3, 0, nan, inf),
		newTensor(t, "attention.bias", []int{2}, nan, nan),
		newTensor[int64](t, "steps", []int{}, 7),
	)
	a := inspect(t, path, "--stats")
	if a.Meta != nil || a.G != nil || a.D != nil || !strings.Contains(a.CannotRun, `"attention.weight"`) && !strings.Contains(a.CannotRun, `"steps"`) {
		t.Errorf("answer %+v", a)
	}
	if len(a.StateDicts) != 1 || a.StateDicts[0].Numbers != 9 || len(a.StateDicts[0].Tensors) != 3 {
		t.Fatalf("state dicts %+v", a.StateDicts)
	}
	// 1, 0, 3, 0: mean 1, squares of the distances 0, 1, 4, 1.
	for i, want := range []checkpoint.TensorStats{
		{Min: 0, Max: 3, Mean: 1, SD: math.Sqrt(6. / 4), Zeros: 2. / 6, NaN: 1, Inf: 1},
		{NaN: 2},
		{Min: 7, Max: 7, Mean: 7},
	} {
		if got := a.StateDicts[0].Tensors[i].Stats; got == nil || *got != want {
			t.Errorf("tensor %d: %+v, want %+v", i, got, want)
		}
	}
	if a := inspect(t, path); a.SHA256 != "" || a.StateDicts[0].Tensors[0].Stats != nil {
		t.Errorf("without --stats %+v", a)
	}
	out := must(t, "inspect", path).stdout
	for _, s := range []string{"cannot be run", "attention.weight", "[2 1 3]", "float32", "int64"} {
		if !strings.Contains(out, s) {
			t.Errorf("%q is not in\n%s", s, out)
		}
	}
	refusal{"the same is not drawn", []string{"sample", filepath.Join(mustAbs(t, "."), path)}, exitUnsupported, []string{"other.pth"}}.check(t)
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// TestInspectPrintsNoControlCharacters: names come from the file, and a
// terminal obeys what it is sent.
func TestInspectPrintsNoControlCharacters(t *testing.T) {
	t.Chdir(t.TempDir())
	path := writeDict(t, "evil.pth", newTensor[float32](t, "\x1b[2J\r\n\u202eevil.weight", []int{1}, 1), newTensor[float32](t, strings.Repeat("long", 5000), []int{1}, 1))
	for _, args := range [][]string{{"inspect", path, "--stats"}, {"inspect", path}, {"inspect", path, "--json"}, {"sample", path}} {
		r := call(t.Context(), args...)
		for _, c := range r.stdout + r.stderr {
			if c < ' ' && c != '\n' || c == '\u202e' && args[len(args)-1] != "--json" {
				t.Errorf("%q prints %q", args, c)
			}
		}
		if len(r.stdout) > 50000 || len(r.stderr) > 1000 {
			t.Errorf("%q prints %d bytes, and %d of messages", args, len(r.stdout), len(r.stderr))
		}
	}
}

// TestInspectAgreesWithOpen: without making a net it says what there would be.
func TestInspectAgreesWithOpen(t *testing.T) {
	run := trainedRun(t)
	for _, c := range []struct {
		args []string
		opt  checkpoint.OpenOptions
	}{
		{[]string{foreignFile("examples.pth")}, checkpoint.OpenOptions{}},
		{[]string{foreignFile("digits.pth"), "--disc", foreignFile("digits_d.pth")}, checkpoint.OpenOptions{Disc: foreignFile("digits_d.pth")}},
		{[]string{foreignFile("paper.pth"), "--key", "generator"}, checkpoint.OpenOptions{Key: "generator"}},
		{[]string{foreignFile("arrays")}, checkpoint.OpenOptions{}},
		{[]string{filepath.Join(run, "epoch-0001.safetensors")}, checkpoint.OpenOptions{}},
	} {
		want, err := checkpoint.Open(c.args[0], c.opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, more := range [][]string{nil, {"--stats"}} {
			a := inspect(t, append(c.args, more...)...)
			if a.Meta == nil || *a.Meta != want.Meta || (a.G == nil) != (want.G == nil) || (a.D == nil) != (want.D == nil) {
				t.Errorf("%q: meta %+v, want %+v; %s", c.args, a.Meta, want.Meta, a.CannotRun)
				continue
			}
			if more != nil && (a.SHA256 != want.SHA256 || a.DiscSHA256 != want.DiscSHA256) {
				t.Errorf("%q: SHA-256 %s, want %s", c.args, a.SHA256, want.SHA256)
			}
			numbers := 0
			for _, d := range a.StateDicts {
				if d.Net != "G" {
					continue
				}
				for _, x := range d.Tensors {
					if !strings.Contains(x.Name, "running_") && !strings.Contains(x.Name, "tracked") {
						numbers++
					}
				}
			}
			if numbers != len(want.G.Params())+norms(a.G) {
				t.Errorf("%q: %d arrays of G, want %d and a bias for each of %d norms", c.args, numbers, len(want.G.Params()), norms(a.G))
			}
		}
	}
}

func norms(n *netFigures) (count int) {
	for _, l := range n.Layers {
		if l.BatchNorm {
			count++
		}
	}
	return count
}

// TestInspectRefusesHostileFiles: 1 kB that claims 100 GB, in each format.
func TestInspectRefusesHostileFiles(t *testing.T) {
	dir := t.TempDir()
	header := `{"main.0.weight":{"dtype":"F32","shape":[25000,1000,1000],"data_offsets":[0,100000000000]}}` + strings.Repeat(" ", 900)
	claims := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	long := append(binary.LittleEndian.AppendUint64(nil, 100_000_000), `{"a":`+strings.Repeat(" ", 1000)...)
	npy := []byte("\x93NUMPY\x01\x00\x46\x00{'descr': '<f4', 'fortran_order': False, 'shape': (25000, 1000000), }\n" + strings.Repeat("\x00", 1000))
	arrays := filepath.Join(dir, "arrays")
	write(t, filepath.Join(arrays, "1_gen_params.jl_01.npy"), npy)
	for name, path := range map[string]string{
		"safetensors": write(t, filepath.Join(dir, "a.safetensors"), claims),
		"header":      write(t, filepath.Join(dir, "b.safetensors"), long),
		"pth":         foreignFile("claims.pth"),
		"arrays":      arrays,
	} {
		for _, args := range [][]string{{"inspect"}, {"inspect", "--stats"}, {"sample"}, {"convert", "new.pth"}} {
			args = append([]string{args[0], path}, args[1:]...)
			refusal{name + " " + strings.Join(args[:1], " "), args, exitRefused, []string{filepath.Base(path)}}.check(t)
		}
	}
}
