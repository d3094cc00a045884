package npy

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

const (
	// MaxArchive is the largest .npz archive in bytes.
	MaxArchive = 64 << 20
	// MaxUnpacked is how many bytes its array may unpack to.
	MaxUnpacked = 256 << 20
	// maxListed is how many names of an archive's arrays an error lists.
	maxListed = 5
)

// ReadFileOrArchive is ReadFile that reads an .npz archive, too: its only array, or of
// several the one that is called z. Of a file of another program that people keep arrays
// in, it is ErrUnsupported and says how to convert it.
func ReadFileOrArchive(path string) (*Array, error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	first := make([]byte, min(size, sniffed))
	if err = fileio.ReadFullAt(f, first, 0); err == nil {
		var a *Array
		switch other := otherFile(first); {
		case bytes.HasPrefix(first, []byte("PK\x03\x04")):
			a, err = readArchive(f, size)
		case other != "":
			err = refuse.Unsupported("%s", other)
		default:
			a, err = read(f, size, true)
		}
		if err == nil {
			return a, nil
		}
	}
	return nil, fmt.Errorf("npy: %s: %w", path, err)
}

// readArchive reads the array of an .npz archive of size bytes.
func readArchive(r io.ReaderAt, size int64) (*Array, error) {
	if size > MaxArchive {
		return nil, refuse.TooLarge("archive of %d bytes, want at most %d", size, MaxArchive)
	}
	// A section ends where the archive does: an offset outside is the archive's fault.
	zr, err := zip.NewReader(io.NewSectionReader(r, 0, size), size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are labels here
		return nil, refuse.Corrupt("zip of %d bytes: %v", size, err)
	}
	var arrays []*zip.File
	var names []string
	for _, f := range zr.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		switch {
		case strings.HasSuffix(f.Name, "/data.pkl"):
			return nil, refuse.Unsupported("%s", torchFile)
		case !ok:
			continue
		case name == "z":
			return readEntry(f)
		}
		if arrays = append(arrays, f); len(names) < maxListed {
			names = append(names, refuse.Quote(name))
		}
	}
	switch len(arrays) {
	case 0:
		return nil, refuse.Unsupported("zip archive without a .npy file in it, want the arrays of numpy.savez")
	case 1:
		return readEntry(arrays[0])
	}
	return nil, refuse.Unsupported(`%d arrays, such as %s, none of them z: in Python, numpy.save("z.npy", numpy.load("file.npz")[name])`,
		len(arrays), strings.Join(names, ", "))
}

// readEntry reads an array that an archive holds. Memory is taken as bytes arrive.
func readEntry(f *zip.File) (*Array, error) {
	if f.UncompressedSize64 > MaxUnpacked {
		return nil, refuse.TooLarge("%s of %d bytes, want at most %d", refuse.Quote(f.Name), f.UncompressedSize64, MaxUnpacked)
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, refuse.Unsupported("%s: zip method %d", refuse.Quote(f.Name), f.Method)
	}
	if err != nil {
		return nil, refuse.Corrupt("%s: %v", refuse.Quote(f.Name), err)
	}
	defer r.Close()
	// The reader of the archive checks the size and the CRC-32.
	b, err := io.ReadAll(io.LimitReader(r, MaxUnpacked+1))
	if err != nil {
		return nil, refuse.Corrupt("%s: %v", refuse.Quote(f.Name), err)
	}
	a, err := read(bytes.NewReader(b), int64(len(b)), true)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", refuse.Quote(f.Name), err)
	}
	return a, nil
}
