package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

func TestTextsTakeTwiceTheirBytesAtMost(t *testing.T) {
	numbered := func(end string) []byte {
		b := []byte(header)
		for i := range maxRows {
			b = append(strconv.AppendInt(b, int64(i), 10), end...)
		}
		return b
	}
	same := func(n int) []byte { return append([]byte(header), strings.Repeat("a,b,0,0,1,1\n", n)...) }
	const object = `{"file": "%06d.jpg", "class": "a", "x0": 0, "y0": 0, "x1": 1, "y1": 1}`
	objects := []byte("[" + fmt.Sprintf(object, 0))
	for i := range maxRows/16 - 1 {
		objects = fmt.Appendf(objects, ","+object, i+1)
	}
	boxes := func(file string) error {
		_, err := ReadBoxes(file)
		return err
	}
	column := func(file string) error {
		_, err := ReadColumn(file, "class")
		return err
	}
	list := func(file string) error {
		_, err := pick([]entry{{name: "a"}}, file)
		return err
	}
	for name, c := range map[string]struct {
		text []byte
		read func(file string) error
		is   error
		says string
	}{
		"short rows":     {numbered(",a,0,0,1,1\n"), boxes, nil, ""},
		"a row more":     {same(maxRows + 1), boxes, ErrLimit, "more than 524288 rows"},
		"column":         {numbered(",0,0,0,1,1\n"), column, nil, ""},
		"objects":        {append(objects, ']'), boxes, nil, ""},
		"quoted":         {append([]byte(header+"a,\""), make([]byte, 1<<20)...), boxes, ErrLimit, "65536 bytes in one row"},
		"quoted header":  {append([]byte("file,\""), make([]byte, 1<<20)...), column, ErrLimit, "65536 bytes in one row"},
		"empty lines":    {append([]byte(header), strings.Repeat("\n", 1<<20)...), boxes, ErrLimit, "65536 bytes in one row"},
		"a long string":  {[]byte(`[{"note": "` + strings.Repeat("a", 1<<20)), boxes, ErrLimit, "65536 bytes in one row"},
		"deep":           {[]byte(`[{"note": ` + strings.Repeat("[", 1<<20)), boxes, ErrCorrupt, "box 1"},
		"deep objects":   {[]byte(`[` + strings.Repeat(`{"a":`, 1<<20)), boxes, ErrCorrupt, "box 1"},
		"blank":          {[]byte("[" + strings.Repeat(" ", 1<<20)), boxes, ErrLimit, "65536 bytes in one row"},
		"blank end":      {[]byte("[" + fmt.Sprintf(object, 0) + "]" + strings.Repeat(" ", 1<<20)), boxes, ErrCorrupt, "end of the file"},
		"absent names":   {bytes.Repeat([]byte("none\n"), 1<<18), list, ErrNotInSet, "262144 of 262144"},
		"repeated names": {bytes.Repeat([]byte("a\n"), maxRepeats+1), list, nil, ""},
		"too many":       {bytes.Repeat([]byte("a\n"), maxRepeats+2), list, ErrLimit, "more than 524289 names of 1 pictures"},
		"a long name":    {bytes.Repeat([]byte("a"), 1<<20), list, ErrLimit, "4096 bytes after 0 names"},
		"blank lines":    {append(bytes.Repeat([]byte(" \r\n"), 1<<18), 'a'), list, nil, ""},
	} {
		file := writeFile(t, "text", c.text)
		var err error
		got := hostile.Allocated(func() { err = c.read(file) })
		if !errors.Is(err, c.is) || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v that says %q", name, err, c.is, c.says)
		}
		if most := uint64(2*len(c.text) + 61<<20); got > most {
			t.Errorf("%s: %d bytes were allocated for %d, want at most %d", name, got, len(c.text), most)
		}
	}
}

func TestTextsAreRegularFiles(t *testing.T) {
	for _, file := range []string{t.TempDir(), "/dev/zero"} {
		if _, err := os.Stat(file); err != nil {
			continue
		}
		_, err := ReadBoxes(file)
		_, err2 := ReadColumn(file, "source")
		_, err3 := Open(facades, Options{List: file})
		for _, err := range []error{err, err2, err3} {
			if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), ", want a ") {
				t.Errorf("%s: %v, want ErrUnsupported", file, err)
			}
		}
	}
	// A file that has a hole takes no place on the disk.
	f, err := os.Create(t.TempDir() + "/large")
	if err == nil {
		err = f.Truncate(maxTextBytes + 1)
	}
	if err != nil {
		t.Skip("no file with a hole here")
	}
	defer f.Close()
	if _, err := Open(facades, Options{List: f.Name()}); !errors.Is(err, ErrLimit) {
		t.Errorf("a list of %d bytes: %v, want ErrLimit", maxTextBytes+1, err)
	}
}
