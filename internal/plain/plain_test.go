package plain

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"
)

func TestTextByHand(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain\tand\n", "plain\tand\n"},
		{"Fassade-Ä, 写真, ±0.5, façade\u00a0x", "Fassade-Ä, 写真, ±0.5, façade\u00a0x"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"\x1b[31mred", `\x1b[31mred`},
		{"\x1b]0;pwn\a\x00\b\r\v\f\x7f", `\x1b]0;pwn\x07\x00\x08\x0d\x0b\x0c\x7f`},
		{"\u0085\u009b31m", `\u0085\u009b31m`},
		{"\x9b31m\xff", `\x9b31m\xff`},
		{"gnp.\u202etxt\u202c\u2066\u2069\u200e\u200f\u061c", `gnp.\u202etxt\u202c\u2066\u2069\u200e\u200f\u061c`},
		{"\u2028\u2029\ufeff\u200b\u00ad\U000e0041", `\u2028\u2029\ufeff\u200b\u00ad\U000e0041`},
		{"\ufffd", "\ufffd"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
	if got := Line("a\n\tb\x1b"); got != `a\n\tb\x1b` {
		t.Errorf("line %q", got)
	}
}

// TestWriterIsText: however the text is cut into writes.
func TestWriterIsText(t *testing.T) {
	const text = "Ä\x1b[2J 写\u202e\u009b\xe5\x86 \xf0\x9f\x98 😀\xf0\x9f"
	for n := 1; n <= len(text); n++ {
		var b bytes.Buffer
		w := NewWriter(&b)
		for rest := text; rest != ""; rest = rest[min(n, len(rest)):] {
			if k, err := w.Write([]byte(rest[:min(n, len(rest))])); err != nil || k != min(n, len(rest)) {
				t.Fatalf("%d, %v", k, err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if b.String() != Text(text) {
			t.Errorf("%d bytes at once: %q, want %q", n, &b, Text(text))
		}
	}
}

func TestWriterGivesTheErrorBelow(t *testing.T) {
	full := errors.New("full")
	w := NewWriter(failing{full})
	if _, err := w.Write([]byte("x")); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// steers is written from the list of what must not reach a terminal, not from shown.
func steers(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029
}

func FuzzWriter(f *testing.F) {
	for _, s := range []string{"", "a\x1bb", "\xff\xfe", "写\u202e", "\xe5\x86", "\u009b", "a\n\tb", "\U000e0001"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var b, byByte bytes.Buffer
		w := NewWriter(&b)
		w.Write(in)
		w.Flush()
		if !utf8.Valid(b.Bytes()) || strings.ContainsFunc(b.String(), steers) {
			t.Fatalf("%q gives %q", in, &b)
		}
		one := NewWriter(&byByte)
		r := iotest.OneByteReader(bytes.NewReader(in))
		for p := make([]byte, 1); ; {
			if _, err := r.Read(p); err != nil {
				break
			}
			one.Write(p)
		}
		one.Flush()
		if !bytes.Equal(b.Bytes(), byByte.Bytes()) {
			t.Fatalf("%q: at once %q, by bytes %q", in, &b, &byByte)
		}
		if again := Text(b.String()); again != b.String() {
			t.Fatalf("%q: not the same the second time: %q", &b, again)
		}
		if line := Line(string(in)); strings.ContainsFunc(line, unicode.IsControl) {
			t.Fatalf("line %q", line)
		}
	})
}
