package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestArchiveIsListedWithoutCollectingAllTheTime: the little garbage that training lets
// pile up would make the collector run at every few entries of an archive.
func TestArchiveIsListedWithoutCollectingAllTheTime(t *testing.T) {
	t.Setenv("GODEBUG", "gctrace=1")
	t.Setenv("GOGC", "")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	add := func(name string, data []byte) {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	add("0.jpg", read(t, filepath.Join(photos, "windows", "p00030.jpg")))
	for i := range 10000 {
		add(fmt.Sprintf("pictures/%06d.jpg", i+1), []byte("x"))
	}
	w.Close()
	z.Close()
	dir := t.TempDir()
	p := start(t, "train", "--data", write(t, filepath.Join(dir, "p.tar.gz"), packed.Bytes()), "--out", filepath.Join(dir, "run"),
		"--size", "16", "--width", "2", "--nz", "2", "--batch", "2", "--steps", "1", "--sample-every", "0")
	code := p.wait(t)
	if n := strings.Count(p.stderr.String(), "\ngc "); n == 0 || n > 150 {
		t.Errorf("exit code %d after %d collections, want some 70, most of them for the sheet", code, n)
	}
}
