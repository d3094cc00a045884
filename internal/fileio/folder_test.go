package fileio

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/refuse"
)

// linked returns a folder that has links in it, and the folder that they lead to.
func linked(t *testing.T) (folder Folder, outside string) {
	t.Helper()
	dir := t.TempDir()
	folder, outside = Folder(filepath.Join(dir, "given")), filepath.Join(dir, "outside")
	for _, d := range []string{string(folder), folder.Join("real"), outside} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{outside + "/victim": "precious", folder.Join("file"): "own", folder.Join("real/file"): "own"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link": "../outside/victim", "dir": "../outside", "dangling": "../outside/new", "inner": "file", "real/link": "../../outside/victim"} {
		if err := os.Symlink(to, folder.Join(name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	return folder, outside
}

// TestNoLinkBelowAFolderIsFollowed tries every way to reach through a link.
func TestNoLinkBelowAFolderIsFollowed(t *testing.T) {
	d, outside := linked(t)
	for _, name := range []string{"link", "dangling", "inner", "dir", "dir/victim", "dir/new", "real/link", "../outside/victim"} {
		for what, do := range map[string]func() error{
			"WriteFile":   func() error { return d.WriteFile(name, writes("x")) },
			"WriteFiles":  func() error { return WriteFile(d.Join(name), Options{Within: string(d)}, writes("x")) },
			"CheckOut":    func() error { return CheckOut(d.Join(name), Options{Force: true, Within: string(d)}) },
			"CheckFile":   func() error { return d.CheckFile(name) },
			"ReadFile":    func() error { _, err := d.ReadFile(name, 100); return err },
			"Append":      func() error { _, err := d.Append(name); return err },
			"ReadDir":     func() error { _, err := d.ReadDir(name); return err },
			"Mkdir":       func() error { return d.Mkdir(name) },
			"Rename to":   func() error { return d.Rename("file", name) },
			"Rename from": func() error { return d.Rename(name, "elsewhere") },
			"Remove":      func() error { return d.Remove(name) },
			"RemoveAll":   func() error { return d.RemoveAll(name) },
		} {
			if err := do(); err == nil || !strings.Contains(err.Error(), "is a symbolic link") && !strings.Contains(err.Error(), "is not in the folder") {
				t.Errorf("%s of %s: %v, want it refused as a link", what, name, err)
			}
		}
	}
	for _, name := range []string{"link", "dangling"} {
		if _, err := Lock(d.Join(name)); !errors.Is(err, ErrNotWritable) {
			t.Errorf("Lock of %s: %v, want ErrNotWritable", name, err)
		}
	}
	wantDir(t, outside, "victim", "precious")
	if err := os.Remove(d.Join("dir")); err != nil { // for wantDir, which reads files
		t.Fatal(err)
	}
	if b, err := os.ReadFile(d.Join("file")); string(b) != "own" || err != nil {
		t.Errorf("the folder's own file holds %q, %v", b, err)
	}
}

// TestFolderMayBeALink: the user named the folder itself.
func TestFolderMayBeALink(t *testing.T) {
	given, outside := linked(t)
	d := Folder(given.Join("dir"))
	if err := d.WriteFile("victim", writes("replaced")); err != nil {
		t.Fatal(err)
	}
	if b, err := d.ReadFile("victim", 8); string(b) != "replaced" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := d.ReadFile("victim", 7); !errors.Is(err, refuse.ErrTooLarge) {
		t.Errorf("a file above the bound: %v, want ErrTooLarge", err)
	}
	wantDir(t, outside, "victim", "replaced")
}

// TestFolderWorksOnItsOwn goes through what a folder can do.
func TestFolderWorksOnItsOwn(t *testing.T) {
	d, _ := linked(t)
	f, err := d.Append("real/file")
	if err != nil {
		t.Fatal(err)
	}
	_, werr := io.WriteString(f, " and more")
	errs := []error{werr, f.Sync(), f.Close(), d.Mkdir("real"), d.Mkdir("new"), d.Rename("real/file", "new/file"), d.Remove("file")}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if b, err := d.ReadFile("new/file", 100); string(b) != "own and more" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if err := d.RemoveAll("new"); err != nil || d.Has("new") || !d.Has("dangling") {
		t.Errorf("%v; new %t, dangling %t", err, d.Has("new"), d.Has("dangling"))
	}
	if err := d.CheckFile("real"); err == nil {
		t.Error("a folder is taken for a file")
	}
}

func TestMkdirAllSaysWhatItMade(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b", "c")
	made, err := MkdirAll(path)
	if want := []string{path, filepath.Dir(path), filepath.Dir(filepath.Dir(path))}; err != nil || !slices.Equal(made, want) {
		t.Fatalf("%q, %v, want %q", made, err, want)
	}
	if again, err := MkdirAll(path); err != nil || len(again) != 0 {
		t.Errorf("made again: %q, %v", again, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := MkdirAll(filepath.Join(dir, "a", "file", "below")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("below a file: %v, want ErrNotWritable", err)
	}
	RemoveEmpty(made)
	wantDir(t, filepath.Join(dir, "a"), "file", "")
	if runtime.GOOS == "windows" {
		return
	}
	calls := 0
	defer Inject(func(call, path string) error {
		if calls++; calls == 5 { // the third folder; each is flushed
			return os.ErrPermission
		}
		return nil
	})()
	if _, err := MkdirAll(filepath.Join(dir, "x", "y", "z")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("%v, want ErrNotWritable", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a part of the folders stays: %v", err)
	}
}
