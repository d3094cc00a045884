package complete

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestHiddenIsNotOffered: hidden commands and flags are understood, but not
// offered.
func TestHiddenIsNotOffered(t *testing.T) {
	var grammar struct {
		Deep struct {
			Secret string            `hidden:""`
			Sets   map[string]string `short:"s"`
			Plain  bool              `negatable:"unadorned"`
			Level  int               `type:"counter" short:"l"`
			In     struct {
				What string `arg:"" enum:"a,b"`
			} `cmd:""`
		} `cmd:""`
		Below struct{} `cmd:"" hidden:""`
	}
	k, err := kong.New(&grammar, kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		before string
		word   string
		want   string
	}{
		{"", "", "deep"},
		{"deep", "-", "--help -h --sets -s --plain --unadorned --level -l"},
		{"deep -l -s a=b in", "-", "--help -h --sets -s --plain --unadorned"},
		{"deep --unadorned in", "--", "--help -h --sets -s --level -l"},
		{"deep --secret in in", "", "a b"},
		{"deep in a", "", "--help -h --sets -s --plain --unadorned --level -l"},
	} {
		o := offerAt(k.Model.Node, nil, strings.Fields(c.before), c.word)
		var got []string
		for _, w := range o.candidates {
			got = append(got, w.Word)
		}
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(strings.FieldsSeq(c.want))) {
			t.Errorf("%q %q: candidates %q, want %q", c.before, c.word, got, c.want)
		}
	}
}
