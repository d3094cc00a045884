package pth

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// Witnesses from outside: torch's account of the files that it wrote, in
// testdata/expected.json and, where torch is installed, of those that we wrote.

// account is what testdata/dump.py says of a file.
type account struct {
	As      string // the same as another file's
	Tree    string
	Tensors []struct {
		Name, DType    string
		Shape, Strides []int
		Offset         int
		Bytes          string
		Float32        *string
	}
	Error string
	Safe  bool // torch.load takes it with weights_only
}

func accounts(t testing.TB) map[string]account {
	t.Helper()
	b, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, b)
}

func decode(t testing.TB, b []byte) map[string]account {
	t.Helper()
	var all map[string]account
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatalf("%v in %.200s", err, b)
	}
	for name, a := range all {
		if a.As != "" {
			all[name] = all[a.As]
		}
	}
	return all
}

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".pth"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func mustParse(t testing.TB, b []byte) *File {
	t.Helper()
	f, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// show spells a tree as testdata/dump.py does.
func show(v Value) string {
	all := func(items []Value) string {
		parts := make([]string, len(items))
		for i, item := range items {
			parts[i] = show(item)
		}
		return strings.Join(parts, " ")
	}
	switch v := v.(type) {
	case None:
		return "None"
	case Bool:
		if v {
			return "True"
		}
		return "False"
	case Float:
		return fmt.Sprintf("f%016x", math.Float64bits(float64(v)))
	case String:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(string(v)); err != nil {
			return err.Error()
		}
		return strings.TrimSpace(b.String())
	case Bytes:
		return fmt.Sprintf("b%x", string(v))
	case *List:
		return "[" + all(v.Items) + "]"
	case *Tuple:
		return "(" + all(v.Items) + ")"
	case *Set:
		parts := strings.Fields(all(v.Items))
		sort.Strings(parts)
		return "<" + strings.Join(parts, " ") + ">"
	case *Dict:
		var parts []string
		for k, x := range v.All() {
			parts = append(parts, show(k)+"="+show(x))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case *Tensor:
		return "tensor" + fmt.Sprint(v.Shape)
	}
	return fmt.Sprint(v) // Int, BigInt, DType
}

// compare fails unless f is what torch says. Data of a tensor may be refused
// only where refusable.
func compare(t *testing.T, f *File, want account, refusable bool) {
	t.Helper()
	if got := show(f.Root); got != want.Tree {
		t.Errorf("tree\n%s, want\n%s", got, want.Tree)
	}
	byName := make(map[string]*Tensor)
	for _, x := range f.Tensors {
		if _, ok := byName[x.Name]; ok && x.Name != "" {
			t.Errorf("two tensors are named %q", x.Name)
		}
		byName[x.Name] = x
	}
	refused := 0
	for _, w := range want.Tensors {
		x := byName[w.Name]
		if x == nil {
			t.Errorf("no tensor %q", w.Name)
			continue
		}
		if string(x.DType) != w.DType || !slices.Equal(x.Shape, w.Shape) || !slices.Equal(x.Strides, w.Strides) || x.Offset != w.Offset {
			t.Errorf("%s is %s %v %v+%d, want %s %v %v+%d", w.Name, x.DType, x.Shape, x.Strides, x.Offset, w.DType, w.Shape, w.Strides, w.Offset)
		}
		b, err := x.Bytes()
		if refusable && errors.Is(err, ErrUnsupported) && strings.Contains(err.Error(), "clone()") {
			refused++
			continue
		}
		if err != nil || hex.EncodeToString(b) != w.Bytes {
			t.Errorf("%s has bytes %x (%v), want %s", w.Name, b, err, w.Bytes)
		}
		compareNumbers(t, x, b, w.Float32)
	}
	if refusable && refused == 0 {
		t.Error("no tensor was refused, want those that show a part of a storage")
	}
}

// compareNumbers holds Float32s and Int64s against the bytes b, which are
// right, or torch's conversion of them.
func compareNumbers(t *testing.T, x *Tensor, b []byte, converted *string) {
	t.Helper()
	if x.DType.float() {
		v, err := x.Float32s()
		got := make([]byte, 0, 4*len(v))
		for _, e := range v {
			got = le.AppendUint32(got, math.Float32bits(e))
		}
		want := hex.EncodeToString(b)
		if converted != nil {
			want = *converted
		}
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s in float32 is %x (%v), want %s", x.Name, got, err, want)
		}
		if _, err := x.Int64s(); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s as integers: %v, want ErrUnsupported", x.Name, err)
		}
		return
	}
	v, err := x.Int64s()
	size := x.DType.Size()
	if err != nil || len(v)*size != len(b) {
		t.Fatalf("%s: %d integers from %d bytes (%v)", x.Name, len(v), len(b), err)
	}
	for i, n := range v {
		var wide [8]byte
		le.PutUint64(wide[:], uint64(n))
		if !bytes.Equal(wide[:size], b[i*size:(i+1)*size]) {
			t.Errorf("%s[%d] = %d, want bytes %x", x.Name, i, n, b[i*size:(i+1)*size])
		}
		signed := x.DType != UInt8 && x.DType != Boolean
		if extended := int64(le.Uint64(wide[:])<<(64-8*size)) >> (64 - 8*size); signed && n != extended || !signed && n < 0 {
			t.Errorf("%s[%d] = %d has a wrong sign", x.Name, i, n)
		}
	}
	if _, err := x.Float32s(); !errors.Is(err, ErrUnsupported) {
		t.Errorf("%s as floats: %v, want ErrUnsupported", x.Name, err)
	}
}

func TestFilesHoldWhatTorchSays(t *testing.T) {
	all := accounts(t)
	for name, want := range all {
		t.Run(name, func(t *testing.T) {
			b := load(t, name)
			f := mustParse(t, b)
			if legacy := strings.HasSuffix(name, "_legacy"); legacy != (f.Format == Legacy) {
				t.Errorf("format %v", f.Format)
			}
			compare(t, f, want, name == "views_legacy")
			header, err := ReadHeader(bytes.NewReader(b), int64(len(b)))
			if err != nil || show(header.Root) != want.Tree || len(header.Tensors) != len(f.Tensors) {
				t.Fatalf("header: %v, %d tensors (%v), want %d", show(header.Root), len(header.Tensors), err, len(f.Tensors))
			}
			for i, x := range header.Tensors {
				y := f.Tensors[i]
				if x.Name != y.Name || x.DType != y.DType || !slices.Equal(x.Shape, y.Shape) || !slices.Equal(x.Strides, y.Strides) || x.Offset != y.Offset {
					t.Errorf("header: tensor %d is %+v, want %+v", i, x, y)
				}
				if _, err := x.Bytes(); (err == nil) != (x.Storage.Len == 0) {
					t.Errorf("header: bytes of %s: %v", x.Name, err)
				}
			}
		})
	}
}

// What other versions of torch put beside the storages is not looked at, but
// its checksum is.
func TestOtherEntriesAreIgnored(t *testing.T) {
	parts := []string{"x/data.pkl", "\x80\x02" + view("K\x00K\x04\x85K\x01\x85") + ".", "x/data/0", "0123456789abcdef", "x/data/1", "unused",
		"x/.format_version", "1", "x/.storage_alignment", "64", "x/byteorder", "little", "x/version", "3\n", "x/constants.pkl", "cos\nsystem\n", "x/.data/serialization_id", "0123"}
	b := stored(t, parts...)
	f := mustParse(t, b)
	if got, err := f.Root.(*Tensor).Bytes(); err != nil || string(got) != "0123456789abcdef" {
		t.Errorf("%q (%v)", got, err)
	}
	wantRefused(t, bytes.Replace(b, []byte("unused"), []byte("abused"), 1), ErrCorrupt, `"x/data/1" has CRC-32`)
}

func TestDevicesAreNamed(t *testing.T) {
	for name, want := range map[string]string{"plain": "cpu", "cuda": "cuda:0", "plain_legacy": "cpu"} {
		if got := mustParse(t, load(t, name)).Tensors[0].Storage.Device; got != want {
			t.Errorf("%s: device %q, want %q", name, got, want)
		}
	}
}

// python returns the system's Python where it has torch, and skips elsewhere.
func python(t *testing.T) string {
	t.Helper()
	const path = "/usr/bin/python3"
	if testing.Short() {
		t.Skip("torch takes seconds to start")
	}
	const look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
	if err := exec.Command(path, "-c", look).Run(); err != nil {
		t.Skip("needs /usr/bin/python3 with torch")
	}
	return path
}

func TestTorchReadsWhatWeWrite(t *testing.T) {
	py := python(t)
	dir := t.TempDir()
	var paths []string
	want := make(map[string][]NamedTensor)
	for _, name := range []string{"plain", "half", "double", "dtypes", "strided", "views"} {
		tensors := tensorsOf(t, mustParse(t, load(t, name)))
		path := filepath.Join(dir, name+".pth")
		if err := os.WriteFile(path, zipOf(t, tensors), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
		want[path] = tensors
	}
	var b bytes.Buffer
	if err := WriteZipDicts(&b, []NamedDict{{"netG", want[paths[0]]}, {"netD", want[paths[3]]}, {"none", nil}}); err != nil {
		t.Fatal(err)
	}
	both := filepath.Join(dir, "both.pth")
	if err := os.WriteFile(both, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"netG", "netD"} {
		for _, x := range want[map[string]string{"netG": paths[0], "netD": paths[3]}[prefix]] {
			x.Name = prefix + "." + x.Name
			want[both] = append(want[both], x)
		}
	}
	out, err := exec.Command(py, append([]string{"testdata/dump.py"}, append(paths, both)...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	all := decode(t, out)
	for path, tensors := range want {
		got := all[path]
		if got.Error != "" || !got.Safe || len(got.Tensors) != len(tensors) {
			t.Errorf("%s: torch reads %d tensors (%s), weights_only %v, want %d and true", path, len(got.Tensors), got.Error, got.Safe, len(tensors))
			continue
		}
		for i, x := range got.Tensors {
			w := tensors[i]
			if x.Name != w.Name || x.DType != string(w.DType) || !slices.Equal(x.Shape, w.Shape) || x.Bytes != hex.EncodeToString(w.Data) {
				t.Errorf("%s: torch reads %+v, want %+v", path, x, w)
			}
		}
	}
}

// TestCheckpointFolder compares every *.pth of the folder named by
// DCGANVIZ_CKPT with what torch reads.
func TestCheckpointFolder(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_CKPT")
	if dir == "" {
		t.Skip("DCGANVIZ_CKPT names no folder of checkpoints")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.pth"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no checkpoints in %s (%v)", dir, err)
	}
	out, err := exec.Command(python(t), append([]string{"testdata/dump.py"}, paths...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	all := decode(t, out)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(b)
			if want := all[path]; want.Error != "" {
				t.Logf("torch: %s\nours: %v", want.Error, err)
				if err == nil {
					t.Error("it was read, torch refuses it")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			compare(t, f, all[path], false)
		})
	}
}
