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
