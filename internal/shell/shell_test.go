package shell

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

func TestJoinByHand(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"dcganviz", "walk", "--range=-2,2", "--out", "a/b.png"}, "dcganviz walk --range=-2,2 --out a/b.png"},
		{[]string{"", "a b", "it's", `a\b`}, `'' 'a b' 'it'"'"'s' 'a'"\\"'b'`},
		{[]string{"=ls", "--out==ls", "~/x", "--out=~", "$(x)", "`x`", "a;b", "#", "{a,b}", "*", "!x", "%1", "^a", "@x"},
			"'=ls' '--out==ls' '~/x' '--out=~' '$(x)' '`x`' 'a;b' '#' '{a,b}' '*' '!x' '%1' '^a' '@x'"},
	} {
		if got := Join(c.words...); got != c.want {
			t.Errorf("%q: %s, want %s", c.words, got, c.want)
		}
	}
	for path, want := range map[string]string{"-x/a": "./-x/a", "a-x": "a-x", "/-x": "/-x"} {
		if got := File(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// shells are those that Join promises to write for.
var shells = []string{"sh", "bash", "dash", "zsh", "fish"}

// TestShellsReadTheWords gives every shell that is here words of every ASCII character,
// alone, in pairs with quotes, and as the value of a flag.
func TestShellsReadTheWords(t *testing.T) {
	words := []string{"", "写真", `'\' ; echo x #`, `\'; echo x; '`, "$(echo x)", "`echo x`", "${HOME}", "a\nb", "\n", "--a=\nb", "a\tb", "-", "--", "=ls", "x==ls", "~root", "a:~", "\u202e"}
	for c := byte(' '); c < 0x7f; c++ {
		s := string(rune(c))
		words = append(words, s, s+"a", "a"+s, "'"+s, s+"'", `\`+s, s+`\`, "--flag="+s, "--flag="+s+s)
	}
	for _, shell := range shells {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("no %s here", shell)
			continue
		}
		// fish's own printf takes a first word of - for a flag.
		cmd := exec.Command(path, "-c", "/usr/bin/env printf '%s|' "+Join(words...))
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v: %s", shell, err, &stderr)
			continue
		}
		if got, want := stdout.String(), strings.Join(words, "|")+"|"; got != want {
			t.Errorf("%s reads\n%q, want\n%q", shell, got, want)
		}
	}
}

// FuzzQuote unquotes by the rules that all shells share.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "a", "it's", `\`, `'"'`, "a b", "--x=$(y)", "\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		quoted := Quote(word)
		var b strings.Builder
		for rest := quoted; rest != ""; {
			switch rest[0] {
			case '\'':
				text, after, closed := strings.Cut(rest[1:], "'")
				if !closed || strings.Contains(text, `\`) {
					t.Fatalf("%q: %s", word, quoted)
				}
				b.WriteString(text)
				rest = after
			case '"':
				switch {
				case strings.HasPrefix(rest, `"'"`):
					b.WriteByte('\'')
					rest = rest[3:]
				case strings.HasPrefix(rest, `"\\"`):
					b.WriteByte('\\')
					rest = rest[4:]
				default:
					t.Fatalf("%q: %s", word, quoted)
				}
			default:
				if !Plain(quoted) {
					t.Fatalf("%q: %s", word, quoted)
				}
				b.WriteString(rest)
				rest = ""
			}
		}
		if b.String() != word {
			t.Fatalf("%q becomes %q, by %s", word, b.String(), quoted)
		}
	})
}
