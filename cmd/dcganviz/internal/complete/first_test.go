package complete

import "testing"

func TestFirstWordIsTheCommand(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"zsh", "wal"}, ""}, // at the cursor
		{[]string{"zsh", "walk", ""}, "walk"},
		{[]string{"fish", "--help", "score", "fit", "--"}, "score"},
		{[]string{"bash", " =", "dcganviz wal"}, ""},
		{[]string{"bash", " =", "dcganviz 'walk' --mode=l"}, "walk"},
		{[]string{"bash", " =", "ls; dcganviz walk "}, "walk"},
		{[]string{"bash", " "}, ""},
		{nil, ""},
	} {
		if got := First(c.args); got != c.want {
			t.Errorf("%q: %q, want %q", c.args, got, c.want)
		}
	}
}
