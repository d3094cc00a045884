package figure

import (
	"strings"
	"testing"
)

func TestWrapped(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"a bc def", 4, "a bc|def"},
		{"a bc def", 8, "a bc def"},
		{"abcdef g", 3, "abcdef|g"},
		{"", 3, ""},
	} {
		if got := strings.Join(wrapped(c.text, c.width), "|"); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
