package pth

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// paths lists the candidates of a file with the number of their tensors.
func paths(f *File) string {
	var parts []string
	for _, s := range f.StateDicts() {
		parts = append(parts, fmt.Sprintf("%s:%d", s.Path, len(s.Tensors)))
	}
	return strings.Join(parts, " ")
}

func TestStateDictsAreFound(t *testing.T) {
	for name, want := range map[string]string{
		"plain": ":8", "plain_legacy": ":8", "dataparallel": ":8", "parameter": ":8", "shared_legacy": ":7",
		"training": "netG:8 netD:3 same:8", "list": "0:8 1:3", "tensor": "", "dtypes": ":13", "protocol4": "same:8",
	} {
		if got := paths(mustParse(t, load(t, name))); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestStateDictByKey(t *testing.T) {
	training := mustParse(t, load(t, "training"))
	for key, want := range map[string]string{"netG": "netG", "netD": "netD", "same": "same"} {
		if s, err := training.StateDict(key); err != nil || s.Path != want {
			t.Errorf("key %q: %v (%v)", key, s, err)
		}
	}
	if _, err := training.StateDict(""); !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), `"netG" (8 tensors), "netD" (3 tensors)`) {
		t.Errorf("no key: %v, want ErrAmbiguous with a list", err)
	}
	if _, err := training.StateDict("optimizerG"); !errors.Is(err, ErrNoStateDict) || !strings.Contains(err.Error(), `want one of "netG"`) {
		t.Errorf("optimizer: %v, want ErrNoStateDict with a list", err)
	}
	if _, err := mustParse(t, load(t, "tensor")).StateDict(""); !errors.Is(err, ErrNoStateDict) || !strings.Contains(err.Error(), "a tensor without a dict") {
		t.Errorf("one tensor: %v, want ErrNoStateDict", err)
	}
	// A key may be the end of a path, where that is enough.
	w := "}X\x06\x00\x00\x00weight" + view("K\x00K\x04\x85K\x01\x85") + "s"
	nested := mustParse(t, withPickle(t, "}(X\x05\x00\x00\x00state}(X\x01\x00\x00\x00G"+w+"X\x01\x00\x00\x00D"+w+"uX\x03\x00\x00\x00ema}X\x01\x00\x00\x00G"+w+"su"))
	for key, want := range map[string]string{"D": "state.D", "state.G": "state.G", "ema.G": "ema.G"} {
		if s, err := nested.StateDict(key); err != nil || s.Path != want {
			t.Errorf("key %q: %v (%v), want %s", key, s, err, want)
		}
	}
	for key, want := range map[string]error{"G": ErrAmbiguous, "tate.G": ErrNoStateDict, "state": ErrNoStateDict} {
		if s, err := nested.StateDict(key); !errors.Is(err, want) {
			t.Errorf("key %q: %v (%v), want %v", key, s, err, want)
		}
	}
}

// Optimizers' moments, tensors beside state dicts and things that are no text
// are no candidates.
func TestOtherDictsAreNoStateDicts(t *testing.T) {
	tensor := view("K\x00K\x04\x85K\x01\x85")
	weight := "}X\x06\x00\x00\x00weight" + tensor + "s"
	for body, want := range map[string]string{
		"}X\x05\x00\x00\x00state}K\x00" + weight + "ss":                              "",
		"}(X\x05\x00\x00\x00noise" + tensor + "X\x04\x00\x00\x00netG" + weight + "u": "netG:1",
		"}(X\x05\x00\x00\x00noise" + tensor + "X\x05\x00\x00\x00epochK\x03u":         "",
		"}X\x05\x00\x00\x00noise" + tensor + "s":                                     ":1",
		"}(X\x05\x00\x00\x00noise" + tensor + "K\x03Nu":                              "",
		"}(X\x0d\x00\x00\x00main.0.weight" + tensor + "X\x05\x00\x00\x00epochK\x03u": ":1",
		"}(X\x0d\x00\x00\x00class_weights" + tensor + "X\x05\x00\x00\x00epochK\x03u": "",
		"}X\x04\x00\x00\x00nets" + "](" + weight + weight + "es":                     "nets.0:1 nets.1:1",
		"}X\x0d\x00\x00\x00l.weight_orig" + tensor + "s":                             ":1",
	} {
		if got := paths(mustParse(t, withPickle(t, body))); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func TestTrimPrefix(t *testing.T) {
	parallel, err := mustParse(t, load(t, "dataparallel")).StateDict("")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := mustParse(t, load(t, "plain")).StateDict("")
	if err != nil {
		t.Fatal(err)
	}
	short, ok := parallel.TrimPrefix(DataParallel)
	if !ok || len(short.Tensors) != len(plain.Tensors) {
		t.Fatalf("%d tensors, %v, want %d", len(short.Tensors), ok, len(plain.Tensors))
	}
	for i, x := range short.Tensors {
		if x.Name != plain.Tensors[i].Name {
			t.Errorf("tensor %d is %q, want %q", i, x.Name, plain.Tensors[i].Name)
		}
		if got, err := short.Tensor(x.Name); err != nil || got != x.Tensor {
			t.Errorf("%q: %v (%v)", x.Name, got, err)
		}
	}
	if _, err := short.Tensor("module.main.0.weight"); !errors.Is(err, ErrNoTensor) {
		t.Errorf("old name: %v, want ErrNoTensor", err)
	}
	if same, ok := plain.TrimPrefix(DataParallel); ok || same != plain {
		t.Error("a prefix that is not there was trimmed")
	}
}
