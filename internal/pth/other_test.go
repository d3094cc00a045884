package pth

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

// entriesOf returns an archive of the named entries; those with code in their name are compressed,
// as torch.jit.save does.
func entriesOf(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		h := &zip.FileHeader{Name: name}
		if strings.Contains(name, "/code/") {
			h.Method = zip.Deflate
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(bytes.Repeat([]byte("0123456789"), 10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestOtherFilesAreNamed parses the beginnings of files that other programs write: of NumPy
// 1.24, Python 3.11's pickle at protocols 0 to 5, PyTorch 1.13's onnx and jit, and the
// published marks of the rest.
func TestOtherFilesAreNamed(t *testing.T) {
	tar := make([]byte, 512)
	copy(tar[257:], "ustar\x0000")
	for _, c := range []struct{ file, want string }{
		{"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n", "git lfs pull"},
		{"<!DOCTYPE html>\n<html><head>", "web page"},
		{"\r\n  <html lang=\"en\">", "web page"},
		{"\x1f\x8b\x08\x00rest", "gzip"},
		{"BZh91AY&SY", "bzip2"},
		{"\xfd7zXZ\x00\x00\x04", "xz"},
		{string(tar), "tar archive"},
		{"\x89HDF\r\n\x1a\n\x00\x00", "Keras"},
		{"\x08\x07\x12\x07pytorch\x1a\x061.13.0:\x84\t\n", "ONNX"},
		{"\x08\x08\x12\x00rest", "begins with"},
		{"model_checkpoint_path: \"model.ckpt-1000\"\n", "TensorFlow"},
		{"\x08\x01\x12\xc3\x96\x01", "SavedModel"},
		{"\x93NUMPY\x01\x00v\x00", "array of NumPy"},
		{"\x04\x00\x00\x00\x01\x00\x00\x00\x03\x00\x00\x00V 1\x0d\x00\x00\x00nn.Sequential", "Torch 7"},
		{"(dp0\nVa\np1\nI1\nsVw\np2\ncnumpy.core.multiarray\n", "pickle of Python"},
		{"}q\x00(X\x01\x00\x00\x00aq\x01K\x01", "pickle of Python"},
		{"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01K\x01X\x01\x00\x00\x00wq\x02cnumpy", "pickle of Python"},
		{"\x80\x04\x95\xc8\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94K\x01\x8c\x01w\x94\x8c\x15numpy.core.multiarray", "pickle of Python"},
		{entriesOf(t, "arr_0.npy", "arr_1.npy"), ".npz"},
		{entriesOf(t, "metadata.json", "config.json", "model.weights.h5"), ".keras"},
		{entriesOf(t, "net/data.pkl", "net/code/__torch__.py", "net/constants.pkl"), "TorchScript"},
		{entriesOf(t, "net/data.pkl", "net/code/x", "net/data/0"), "is compressed"},
		{"just some text, as a README has it", "begins with"},
	} {
		_, err := Parse([]byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %q", c.file, err, c.want)
		}
		if known := c.want != "begins with"; known != errors.Is(err, ErrUnsupported) {
			t.Errorf("%.40q: %v is ErrUnsupported: %v, want %v", c.file, err, !known, known)
		}
	}
}

// TestOtherKnowsNoCheckpoint tries all checkpoints of testdata.
func TestOtherKnowsNoCheckpoint(t *testing.T) {
	for _, b := range seeds(t) {
		first := b[:min(len(b), SniffBytes)]
		if legacyStart(string(first)) == 0 && Other(first) != "" {
			t.Errorf("%.20q is taken for something else: %s", b, Other(first))
		}
	}
}
