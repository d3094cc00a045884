package figure

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFolderWithoutARunNamesItsFiles says which file may be meant.
func TestFolderWithoutARunNamesItsFiles(t *testing.T) {
	for file, want := range map[string]string{"netG.pth": `name a file in it: "netG.pth"`, "saved_model.pb": "TensorFlow", "model.ckpt-9.index": "TensorFlow", "notes.txt": "of the paper's authors"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, file), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Find(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), want) {
			t.Errorf("a folder with %s: %v, want %q", file, err, want)
		}
	}
}

// TestPicturesAreCalledAsTheirModel: pictures of one model do not replace those of another.
func TestPicturesAreCalledAsTheirModel(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, file := range []string{"runs/mine.2/model.safetensors", "nets/netG.pth", "nets/netG.v1.pth", "facades"} {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("ä", 200)
	for where, want := range map[string]string{
		"facades": "facades", "./facades": "facades", "runs/mine.2": "mine.2", "runs/mine.2/": "mine.2", "runs/mine.2/model.safetensors": "mine.2",
		"nets/netG.pth": "netG", "nets/netG.v1.pth": "netG.v1", "none": "none", "/": "model", long: strings.Repeat("ä", mostStem/2),
	} {
		p, _ := Find(where) // of one that is not there the name is known
		if got := p.Stem(); got != want {
			t.Errorf("%s: %s, want %s", where, got, want)
		}
	}
	t.Chdir("runs/mine.2")
	if p, err := Find("."); err != nil || p.Stem() != "mine.2" {
		t.Errorf("the folder itself: %s, %v", p.Stem(), err)
	}
}
