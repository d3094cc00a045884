package pth

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"

	"dcganviz/internal/refuse"
)

// NamedDict is a state dict to be written under a key.
type NamedDict struct {
	Key     string
	Tensors []NamedTensor
}

// alignment is what the data of an entry are aligned to, as by torch, so that
// the file can be mapped into memory.
const alignment = 64

// maxWritten keeps archives free of 64-bit records.
const maxWritten = 2 << 30

// archiveName is the directory of the entries: torch takes the name of the
// file, and reads any.
const archiveName = "archive/"

// WriteZip writes tensors as torch.save writes a state dict: an OrderedDict
// that torch.load and load_state_dict take, also with weights_only=True. Equal
// arguments give equal bytes.
//
// Names that are given twice or are not in UTF-8, data that do not fit their
// shapes, and more than 2 GB are errors.
func WriteZip(w io.Writer, tensors []NamedTensor) error {
	p := newPickler()
	if err := p.stateDict(tensors); err != nil {
		return err
	}
	return p.writeTo(w)
}

// WriteZipDicts is WriteZip for several state dicts: torch.load returns a dict
// of them by key.
func WriteZipDicts(w io.Writer, dicts []NamedDict) error {
	p := newPickler()
	if err := p.dicts(dicts); err != nil {
		return err
	}
	return p.writeTo(w)
}

// writeTo ends the pickle and writes the archive, in torch's order.
func (p *pickler) writeTo(w io.Writer) error {
	p.b = append(p.b, opStop)
	if len(p.b) > MaxPickle {
		return fmt.Errorf("pth: %w", refuse.TooLarge("names of the tensors of more than %d bytes", MaxPickle))
	}
	total := int64(len(p.b))
	for _, s := range p.storages {
		total += int64(len(s))
	}
	if total > maxWritten {
		return fmt.Errorf("pth: %w", refuse.TooLarge("tensors of %d bytes, want at most %d", total, int64(maxWritten)))
	}
	z := archiveWriter{z: zip.NewWriter(w)}
	z.entry(pickleName, p.b)
	z.entry("byteorder", []byte("little"))
	for i, s := range p.storages {
		z.entry("data/"+strconv.Itoa(i), s)
	}
	z.entry("version", []byte("3\n"))
	if z.err == nil {
		z.err = z.z.Close()
	}
	if z.err != nil {
		return fmt.Errorf("pth: %w", z.err)
	}
	return nil
}

// archiveWriter writes entries that are stored and aligned, until an error.
type archiveWriter struct {
	z   *zip.Writer
	at  int // where the next local header begins
	err error
}

func (a *archiveWriter) entry(name string, data []byte) {
	if a.err != nil {
		return
	}
	name = archiveName + name
	const fieldHead = 4
	at := a.at + localSize + len(name) + fieldHead
	pad := (alignment - at%alignment) % alignment
	// The field FB and its content of Z are torch's own way to pad.
	extra := append([]byte{'F', 'B', byte(pad), 0}, bytes.Repeat([]byte("Z"), pad)...)
	w, err := a.z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE(data), Extra: extra,
		CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data))})
	if err != nil {
		a.err = err
		return
	}
	a.at = at + pad + len(data)
	_, a.err = w.Write(data)
}
