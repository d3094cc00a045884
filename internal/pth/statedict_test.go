package pth

import (
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
