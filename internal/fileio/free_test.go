package fileio

import (
	"path/filepath"
	"testing"
)

func TestFreeIsPartOfTheDisk(t *testing.T) {
	dir := t.TempDir()
	if free, size, ok := Free(dir); ok && (free < 0 || size < 1 || free > size) {
		t.Errorf("%d of %d bytes", free, size)
	}
	if _, _, ok := Free(filepath.Join(dir, "none")); ok {
		t.Error("a folder that is not there has space")
	}
}
