package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// bytesRead returns how many bytes this process has read so far, by Linux's
// count.
func bytesRead(t *testing.T) (n int) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skipf("bytes read are not counted here: %v", err)
	}
	if _, err := fmt.Fscanf(bytes.NewReader(b), "rchar: %d", &n); err != nil {
		t.Skip(err)
	}
	return n
}

// TestFilesAreReadOnce counts the bytes that commands read of a G of
// pytorch/examples' size: the file once, and by inspect a fraction of it.
func TestFilesAreReadOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	g, err := model.NewG(model.Config{Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkpoint.Save("g.safetensors", &checkpoint.Checkpoint{G: g}, checkpoint.SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	must(t, "convert", "g.safetensors", "g.pth")
	const other = 1 << 17 // what the program reads besides, such as /proc
	for _, file := range []string{"g.safetensors", "g.pth"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		size := int(info.Size())
		for _, c := range []struct {
			args        []string
			least, most int
		}{
			{[]string{"inspect", file}, 0, other},
			{[]string{"inspect", file, "--stats"}, size, size + other},
			{[]string{"sample", file, "-n", "1"}, size, size + other},
			{[]string{"convert", file, filepath.Join(t.TempDir(), "x.pth")}, size, size + other},
		} {
			before := bytesRead(t)
			must(t, c.args...)
			if n := bytesRead(t) - before; n < c.least || n > c.most {
				t.Errorf("%q reads %d bytes, want %d to %d of a file of %d", c.args, n, c.least, c.most, size)
			} else {
				t.Logf("%q reads %d bytes", c.args[:2], n)
			}
		}
	}
}
