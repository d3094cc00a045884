package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/zoo"
)

// TestOutputsFollowNoLinkFromAStranger runs commands in a folder that somebody else may
// have packed. A file that a link leads to stays as it is, and the error names the link.
func TestOutputsFollowNoLinkFromAStranger(t *testing.T) {
	model := trainedRun(t)
	t.Chdir(t.TempDir())
	must(t, "sample", model, "-n", "2", "--out", "one.png")
	for _, c := range []struct {
		name, link, to string
		args           []string
	}{
		{"picture", "gallery/run-sample.png", "../victim", []string{"sample", model, "-n", "2"}},
		{"numbers", "gallery/run-sample.json", "../victim", []string{"sample", model, "-n", "2"}},
		{"dangling", "gallery/run-sample.png", "../new", []string{"sample", model, "-n", "2"}},
		{"beside", "gallery/run-walk-audit.png", "../victim", []string{"walk", model, "--steps", "12", "--audit", "full"}},
		{"gallery", "gallery", "away", []string{"sample", model, "-n", "2"}},
		{"page", "gallery/index.html", "../victim", []string{"gallery"}},
		{"forced page", "gallery/index.html", "../victim", []string{"gallery", "--force"}},
		{"page in DIR", "given/index.html", "../victim", []string{"gallery", "given", "--force"}},
		{"page in a linked gallery", "gallery", "away", []string{"gallery"}},
		{"figures", "figures/fig4-walk.png", "../victim", []string{"figures", "--only", "4", "--out", "figures", "--force"}},
		{"page of figures", "figures/index.html", "../victim", []string{"figures", "--only", "4", "--out", "figures", "--force"}},
		{"figures in a linked gallery", "gallery", "away", []string{"figures", "--only", "4"}},
		{"beside --out", "given/a.json", "../victim", []string{"sample", model, "-n", "2", "--out", "given/a.png", "--force"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "victim", []byte("precious"))
			write(t, "away/index.html", []byte("precious"))
			write(t, "away/sample.png", []byte("precious"))
			must(t, "sample", model, "-n", "2", "--out", "away/mine.png")
			if c.link != galleryDir {
				must(t, "sample", model, "-n", "2", "--out", filepath.Join(filepath.Dir(c.link), "mine.png"))
			}
			if err := os.Symlink(c.to, c.link); err != nil {
				t.Skip("no symbolic links here: ", err)
			}
			before := contents(t, "away")
			r := call(t.Context(), c.args...)
			if r.code != exitOutput || !strings.Contains(r.stderr, c.link+" is a symbolic link") {
				t.Errorf("exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
			}
			if got := string(read(t, "victim")); got != "precious" {
				t.Errorf("the victim holds %.20q", got)
			}
			for name, text := range contents(t, "away") {
				if before[name] != text {
					t.Errorf("%s was written behind the link", name)
				}
			}
			if _, err := os.Lstat("new"); err == nil {
				t.Error("a file was made behind the link")
			}
		})
	}
}

// TestNamedLinkIsFollowed: the user named it.
func TestNamedLinkIsFollowed(t *testing.T) {
	model := trainedRun(t)
	t.Chdir(t.TempDir())
	write(t, "mine/old.png", nil)
	if err := errors.Join(os.Symlink("mine/old.png", "link.png"), os.Symlink("mine", "folder")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	must(t, "sample", model, "-n", "2", "--out", "link.png", "--force")
	must(t, "sample", model, "-n", "2", "--out", "folder/new.png")
	must(t, "gallery", "folder")
	if !strings.HasPrefix(string(read(t, "mine/old.png")), "\x89PNG") || read(t, "mine/new.json") == nil || read(t, "mine/index.html") == nil {
		t.Error("the file behind the link was not written")
	}
}

// TestMissingFoldersAreMade: every command that writes a file makes the folders for it,
// and removes them if it writes nothing.
func TestMissingFoldersAreMade(t *testing.T) {
	model := trainedRun(t)
	t.Chdir(t.TempDir())
	must(t, "sample", model, "-n", "2", "--out", "one.png")
	for _, c := range []struct{ fails, works []string }{
		{[]string{"sample", "none", "--out", "a/b/x.png", "--npy", "a/c/x.npy"}, []string{"sample", model, "-n", "2", "--out", "a/b/x.png", "--npy", "a/c/x.npy"}},
		{[]string{"walk", "none", "--gif", "--out", "a/b/x.gif"}, []string{"walk", model, "--steps", "8", "--gif", "--out", "a/b/x.gif"}},
		{[]string{"convert", "none", "a/b/x.pth"}, []string{"convert", model, "a/b/x.pth"}},
		{[]string{"convert", "none", "a/b/x.safetensors"}, []string{"convert", model, "a/b/x.safetensors"}},
		{[]string{"score", "fit", "--data", "none", "--boxes", "none.csv", "--concept", "window", "--out", "a/b/x.safetensors"}, nil},
		{[]string{"replay", "one.png", "--model", "none", "--out", "a/b/x.png"}, []string{"replay", "one.png", "--model", model, "--out", "a/b/x.png"}},
		{[]string{"train", "--data", "none", "--out", "a/b/run"}, trainArgs("a/b/run", "--steps", "1")},
		{nil, []string{"figures", "--only", "faces", "--out", "a/b"}},
	} {
		if c.fails != nil {
			if r := call(t.Context(), c.fails...); r.code != exitMissing {
				t.Errorf("%q: exit code %d, want %d\n%s", c.fails, r.code, exitMissing, r.stderr)
			}
			if _, err := os.Stat("a"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%q: folders stay that hold nothing (%v)", c.fails, err)
			}
		}
		if c.works == nil || c.works[0] == "figures" && !slices.Contains(zoo.Names(), "faces") {
			continue
		}
		must(t, c.works...)
		if err := os.RemoveAll("a"); err != nil {
			t.Fatal(err)
		}
	}
}
