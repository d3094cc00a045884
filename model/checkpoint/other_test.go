package checkpoint

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherFilesSayWhatTheyAre opens files that are no checkpoint in each of the ways to
// open one.
func TestOtherFilesSayWhatTheyAre(t *testing.T) {
	tar := make([]byte, 1024)
	copy(tar[257:], "ustar\x0000")
	for _, c := range []struct{ name, text, want string }{
		{"lfs.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("0", 64) + "\nsize 1\n", "git lfs pull"},
		{"page.pth", "<!DOCTYPE html>\n<html><head><title>404</title></head></html>", "web page"},
		{"net.pth.gz", "\x1f\x8b" + strings.Repeat("x", 40), "gzip"},
		{"net.tar", string(tar), "tar archive"},
		{"net.h5", "\x89HDF\r\n\x1a\n" + strings.Repeat("\x00", 40), "Keras"},
		{"model.ckpt-100.data-00000-of-00001", strings.Repeat("\x01\x02", 40), "TensorFlow"},
		{"model.ckpt-100.index", strings.Repeat("\x00\x02", 40), "TensorFlow"},
		{"notes.txt", strings.Repeat("some text ", 10), "neither a safetensors file nor a checkpoint of PyTorch"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, opened := Open(path, OpenOptions{})
		_, headers := Inspect(path, OpenOptions{}, false)
		_, all := Inspect(path, OpenOptions{}, true)
		for _, err := range []error{opened, headers, all} {
			if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want ErrUnsupported with %q", c.name, err, c.want)
			}
		}
	}
}
