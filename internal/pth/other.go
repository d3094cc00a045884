package pth

import "strings"

// loadAndSave says how a file of PyTorch becomes one that is read.
const loadAndSave = `in Python, load it where you trust it and torch.save(net.state_dict(), "net.pth")`

// others are files that are often taken for a checkpoint, by their first bytes, with what
// to do about them.
var others = []struct {
	is   func(s string) bool
	text string
}{
	{begins("version https://git-lfs"), "this is a Git LFS pointer, not the file it points to: run git lfs pull, or download the file itself"},
	{isPage, "this is a web page, not the file it links to: download the file itself (on GitHub by Download raw file)"},
	{begins("\x1f\x8b"), "this is compressed with gzip: unpack it first"},
	{begins("BZh"), "this is compressed with bzip2: unpack it first"},
	{begins("\xfd7zXZ\x00"), "this is compressed with xz: unpack it first"},
	{begins("7z\xbc\xaf\x27\x1c"), "this is a 7z archive: unpack it first"},
	{begins("Rar!\x1a\x07"), "this is a RAR archive: unpack it first"},
	{isTar, "this is a tar archive: unpack it first; if PyTorch before version 0.2 wrote it, load and save it again with torch"},
	{begins("\x89HDF\r\n\x1a\n"), "this is an HDF5 file, as Keras saves: only nets of PyTorch are read, so copy its weights into one and torch.save its state_dict()"},
	{isKeras, "this is a .keras archive: only nets of PyTorch are read, so copy its weights into one and torch.save its state_dict()"},
	{isONNX, "this is an ONNX graph: take the checkpoint of PyTorch that it was exported from"},
	{isTFPointer, "this only names a checkpoint of TensorFlow: " + tfAdvice},
	{isSavedModel, "this is a SavedModel of TensorFlow: " + tfAdvice},
	{begins("\x93NUMPY"), "this is one array of NumPy: a checkpoint is a state dict, or a folder with all arrays of the paper's authors"},
	{isNPZ, "this is an .npz archive of NumPy's arrays (Chainer saves such): only nets of PyTorch are read, so copy its arrays into one and torch.save its state_dict()"},
	{isTorch7, "this is a file of Lua's Torch 7: load it with the Python package torchfile, copy its weights into a net of PyTorch and torch.save its state_dict()"},
	{begins("\x89PNG\r\n\x1a\n"), "this is a picture: name the checkpoint that drew it"},
	{begins("\xff\xd8\xff"), "this is a picture: name the checkpoint that drew it"},
	{isPickle, "this is a pickle of Python, but not one of torch.save: " + loadAndSave},
}

const tfAdvice = "only nets of PyTorch are read, so copy its variables (tf.train.load_checkpoint) into one and torch.save its state_dict()"

// Other says in a sentence what a file is that begins with first and is no checkpoint of
// torch.save, and what to do. It is "" for files that it does not know.
func Other(first []byte) string {
	s := string(first)
	for _, o := range others {
		if o.is(s) {
			return o.text
		}
	}
	return ""
}

// OtherNamed is Other by the name of a file, for formats whose first bytes say nothing:
// those of TensorFlow.
func OtherNamed(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.HasSuffix(name, ".index"), strings.HasSuffix(name, ".meta"), strings.Contains(name, ".data-0"):
		return "this is a part of a checkpoint of TensorFlow: " + tfAdvice
	case strings.HasSuffix(name, ".pb"):
		return "this is a graph of TensorFlow: " + tfAdvice
	}
	return ""
}

func begins(mark string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, mark) }
}

func isPage(s string) bool {
	s = strings.ToLower(strings.TrimLeft(s, "\ufeff \t\r\n"))
	return strings.HasPrefix(s, "<") && strings.Contains(s, "html")
}

func isTar(s string) bool {
	const mark = 257 // where "ustar" is
	return len(s) > mark && strings.HasPrefix(s[mark:], "ustar")
}

// isZipOf reports a zip archive whose first entry has such a name.
func isZipOf(s string, named func(name string) bool) bool {
	if !strings.HasPrefix(s, zipLocal) || len(s) < localSize {
		return false
	}
	n := int(le.Uint16([]byte(s[26:])))
	return localSize+n <= len(s) && named(s[localSize:localSize+n])
}

func isNPZ(s string) bool {
	return isZipOf(s, func(name string) bool { return strings.HasSuffix(name, ".npy") })
}

func isKeras(s string) bool {
	return isZipOf(s, func(name string) bool {
		return name == "metadata.json" || name == "config.json" || name == "model.weights.h5"
	})
}

// isONNX knows the two fields that every ONNX graph begins with: the version of the
// format, below 64, and the name of the program that wrote it.
//
// Source: onnx.proto, message ModelProto, fields 1 and 2.
func isONNX(s string) bool {
	return len(s) > 4 && s[0] == 0x08 && s[1] >= 3 && s[1] < 64 && s[2] == 0x12 && int(s[3]) > 0 && int(s[3]) <= len(s)-4 && printable(s[4:4+int(s[3])])
}

func isTFPointer(s string) bool { return strings.HasPrefix(s, "model_checkpoint_path:") }

// isSavedModel knows the version of the format, 1, and the first graph's field.
//
// Source: saved_model.proto, message SavedModel, fields 1 and 2.
func isSavedModel(s string) bool { return strings.HasPrefix(s, "\x08\x01\x12") }

// isTorch7 knows the tag of an object, its number and the version of the format.
//
// Source: torch7, File.lua, writeObject.
func isTorch7(s string) bool {
	return strings.HasPrefix(s, "\x04\x00\x00\x00\x01\x00\x00\x00\x03\x00\x00\x00V 1")
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// isPickle reports a pickle of any protocol. Those before 2 have no mark, but begin with
// one of few instructions.
func isPickle(s string) bool {
	if len(s) > len(legacyMagic)+11 && s[0] == opProto && s[1] >= 2 && s[1] <= 5 {
		return true
	}
	for _, start := range []string{"(dp", "(lp", "(ip", "}q\x00", "]q\x00", "ccollections\n", "cnumpy", "ctorch", "ccopy_reg\n", "(i__main__\n"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}
