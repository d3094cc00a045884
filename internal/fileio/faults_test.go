package fileio_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/internal/faults"
	"dcganviz/internal/fileio"
)

// contentsOf returns the files of a folder by name. Temporary files are counted alone.
func contentsOf(t *testing.T, dir string) (files map[string]string, temps int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files = make(map[string]string)
	for _, e := range entries {
		if strings.Contains(e.Name(), ".tmp-") {
			temps++
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files, temps
}

// TestEveryFaultLeavesAllOrNothing writes files together, new ones and ones that replace
// others, and lets each call fail.
func TestEveryFaultLeavesAllOrNothing(t *testing.T) {
	defer faults.None()()
	before := map[string]string{"b": "old b", "c": "old c", "d": "old d"}
	after := map[string]string{"a": "new a", "b": "new b", "c": "new c", "d": "new d", "e": "new e"}
	begin := func() (dir string, work func() error) {
		dir = t.TempDir()
		for name, text := range before {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var files []fileio.File
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			_, replaces := before[name]
			files = append(files, fileio.File{
				Path: filepath.Join(dir, name), Options: fileio.Options{Force: replaces},
				Write: func(w io.Writer) error { _, err := fmt.Fprint(w, after[name]); return err },
			})
		}
		return dir, func() error { _, err := fileio.WriteFiles(files...); return err }
	}
	_, work := begin()
	injected := 0
	for _, f := range faults.Of(faults.Calls(func() { work() }), 1) {
		dir, work := begin()
		restore := f.Inject()
		err := work()
		restore()
		injected++
		got, temps := contentsOf(t, dir)
		switch {
		case err != nil && (!errors.Is(err, fileio.ErrNotWritable) || !errors.Is(err, f.Err)):
			t.Errorf("%v: %v, want ErrNotWritable of that cause", f, err)
		case err == nil && f.Name != "remove" && f.Name != "close" && f.Name != "link":
			t.Errorf("%v: no error", f)
		}
		// A disk that is gone takes nothing back. What is there is old or new, though, and
		// where one call failed alone, all of it is. Flushing comes last, when all is new.
		want := before
		if err == nil || f.Name == "syncdir" {
			want = after
		}
		if !f.Dead && !maps.Equal(got, want) || temps > 0 && !f.Dead && f.Name != "remove" {
			t.Errorf("%v (%v): the folder holds %q and %d temporary files, want %q", f, err, got, temps, want)
		}
		for name, text := range got {
			if text != before[name] && text != after[name] {
				t.Errorf("%v: %s holds %q", f, name, text)
			}
		}
		for name := range before {
			if got[name] == "" {
				t.Errorf("%v: %s is lost", f, name)
			}
		}
	}
	t.Logf("faults: %d injected, 0 lost", injected)
}
