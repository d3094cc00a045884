package npy

import (
	"strings"
	"unicode/utf8"
)

// sniffed is how many bytes of a file tell what it is.
const sniffed = 512

const torchFile = `this is a file of PyTorch, not of NumPy: in Python, numpy.save("z.npy", torch.load("z.pt").cpu().numpy())`

// otherFile says what a file is that begins with first, and how it becomes a .npy file, if it is of
// another kind that people keep arrays in.
func otherFile(first []byte) string {
	s := string(first)
	switch {
	case strings.HasPrefix(s, magic):
		return ""
	case len(s) > 2 && s[0] == 0x80 && s[1] >= 2 && s[1] <= 5:
		return `this is a pickle, perhaps of PyTorch before version 1.6: in Python, load it where you trust it and numpy.save("z.npy", numpy.asarray(z))`
	case strings.HasPrefix(s, "\x89HDF\r\n\x1a\n"):
		return `this is an HDF5 file: in Python, numpy.save("z.npy", h5py.File("z.h5")[name][()])`
	case strings.HasPrefix(s, "MATLAB"):
		return `this is a file of MATLAB: in Python, numpy.save("z.npy", scipy.io.loadmat("z.mat")[name])`
	case len(s) > 9 && s[8] == '{' && s[7] == 0:
		return `this is a safetensors file: in Python, numpy.save("z.npy", safetensors.numpy.load_file("z.safetensors")[name])`
	case isText(s):
		return `this is text, such as CSV: in Python, numpy.save("z.npy", numpy.loadtxt("z.csv", delimiter=","))`
	}
	return ""
}

// isText reports text, perhaps cut within a letter.
func isText(s string) bool {
	if len(s) == 0 {
		return false
	}
	for i, r := range s {
		if r == utf8.RuneError && len(s)-i >= utf8.UTFMax || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			return false
		}
	}
	return true
}
