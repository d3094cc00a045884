package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
)

// netpbms returns m in each kind of Netpbm that has all its values, by a name.
func netpbms(m *image.NRGBA) map[string][]byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	var raw, wide, text []byte
	for i, v := range m.Pix {
		if i%4 == 3 {
			continue
		}
		raw = append(raw, v)
		wide = append(wide, v, v) // v*257 of 65535 is v of 255
		text = fmt.Appendf(text, "%d\n", v)
	}
	head := func(kind string, most int) []byte {
		return fmt.Appendf(nil, "%s # a comment\n%d %d\n%d\n", kind, w, h, most)
	}
	return map[string][]byte{
		"bytes.ppm": append(head("P6", 255), raw...), "words.ppm": append(head("P6", 65535), wide...), "text.ppm": append(head("P3", 255), text...),
	}
}

// TestNetpbmIsThePNG decodes the same pixels from both formats.
func TestNetpbmIsThePNG(t *testing.T) {
	m := ramp(9, 7)
	want := load(t, mustOpen(t, write(t, []file{{"a.png", asPNG(t, m)}}), Options{Size: 7}), 0)
	for name, b := range netpbms(m) {
		if got := load(t, mustOpen(t, write(t, []file{{name, b}}), Options{Size: 7, Strict: true}), 0); !bytes.Equal(got, want) {
			t.Errorf("%s differs from the PNG", name)
		}
	}
}

// TestGrayNetpbm reads values by hand, of 3 levels of gray.
func TestGrayNetpbm(t *testing.T) {
	for name, b := range map[string]string{"text.pgm": "P2\n2 2 2\n0 1\n2 2", "bytes.pgm": "P5 2 2 2\n\x00\x01\x02\x02", "a.pnm": "P5\t2\r\n2\n2 \x00\x01\x02\x02"} {
		got := load(t, mustOpen(t, write(t, []file{{name, []byte(b)}}), Options{Size: 2, Channels: 1, Strict: true}), 0)
		if want := []byte{0, 128, 255, 255}; !bytes.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestHostileNetpbm(t *testing.T) {
	for name, c := range map[string]struct {
		b    string
		kind error
	}{
		"cut":          {"P6 2 2 255\n\x00\x00\x00", ErrCorrupt},
		"cut text":     {"P2 2 2 255\n1 2 3 ", ErrCorrupt},
		"huge":         {"P6 100000 100000 255\n", ErrLimit},
		"huge number":  {"P6 99999999999999999999 1 255\n", ErrCorrupt},
		"claims much":  {"P6 8000 8000 255\nshort", ErrCorrupt},
		"negative":     {"P6 -2 2 255\n", ErrCorrupt},
		"no pixels":    {"P6 0 2 255\n", ErrCorrupt},
		"no white":     {"P5 1 1 0\n\x00", ErrCorrupt},
		"white":        {"P5 1 1 65536\n\x00\x00", ErrCorrupt},
		"above white":  {"P5 1 1 10\n\x0b", ErrCorrupt},
		"long comment": {"P5 #" + strings.Repeat("x", 1<<20), ErrCorrupt},
		"bitmap":       {"P4 8 1\n\x00", ErrUnsupported},
	} {
		if _, err := Open(write(t, []file{{"a.ppm", []byte(c.b)}}), Options{}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
}

// TestFilesWithoutAnEnding are pictures where they are, and counted where not.
func TestFilesWithoutAnEnding(t *testing.T) {
	m := ramp(6, 6)
	files := []file{{"a.png", asPNG(t, m)}, {"b", asPNG(t, m)}, {"c", asJPEG(t, m)}, {"d", netpbms(m)["bytes.ppm"]}, {"LICENSE", []byte("BMW's text")},
		{"empty", nil}, {"notes.txt", []byte("text")}, {".hidden", asPNG(t, m)}, {"train", []byte("no batch of CIFAR")}}
	for place, path := range map[string]string{"folder": write(t, files), "zip": writeFile(t, "x.zip", asZip(t, files)),
		"tar": writeFile(t, "x.tar", asTar(t, files)), "tar.gz": writeFile(t, "x.tgz", asGzip(t, asTar(t, files)))} {
		s := mustOpen(t, path, Options{Size: 6, Strict: true})
		if got := strings.Join(names(s), " "); got != "a.png b c d" {
			t.Errorf("%s: pictures %s, want a.png b c d", place, got)
		}
		if err := s.Check(t.Context(), nil); err != nil {
			t.Errorf("%s: %v", place, err)
		}
		if got := strings.Join(s.Notes(), "; "); !strings.Contains(got, "files passed over that are no pictures, the first \"") || !strings.HasPrefix(got, "2") {
			t.Errorf("%s: notes %q, want 2 files", place, got)
		}
	}
	only := mustOpen(t, write(t, files[:4]), Options{Size: 6})
	if len(only.Notes()) != 0 {
		t.Errorf("notes %q of a folder of pictures", only.Notes())
	}
}
