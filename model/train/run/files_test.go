package run

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// walk calls f for the files and folders in a folder, by their names there.
func walk(t *testing.T, folder string, f func(name string, e fs.DirEntry)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if path != folder && err == nil {
			name, _ := filepath.Rel(folder, path)
			f(filepath.ToSlash(name), e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// contents returns the files of a folder by name.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	walk(t, folder, func(name string, e fs.DirEntry) {
		if !e.IsDir() {
			files[name] = string(read(t, filepath.Join(folder, name)))
		}
	})
	return files
}

// names returns the sorted names of a folder's files and folders.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	walk(t, folder, func(name string, _ fs.DirEntry) { all = append(all, name) })
	slices.Sort(all)
	return all
}

// unchanged reports what a folder holds otherwise than before.
func unchanged(t *testing.T, folder string, before map[string]string, dirs []string) {
	t.Helper()
	if got := names(t, folder); !slices.Equal(got, dirs) {
		t.Errorf("the folder holds\n%q, want\n%q", got, dirs)
	}
	for name, text := range contents(t, folder) {
		if text != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
}

func write(t *testing.T, path string, contents []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, contents, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
