package checkpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"dcganviz/internal/fileio"
	"dcganviz/internal/pth"
	"dcganviz/internal/safetensors"
	"dcganviz/internal/theano"
	"dcganviz/model/checkpoint/internal/infer"
)

// wanted says what of a file is read.
type wanted uint8

const (
	wantNets    wanted = iota // all, for nets to be made of it
	wantTensors               // all, to look at
	wantHeaders               // what the file says of itself
)

// maxFile is the largest file that is read.
const maxFile = pth.MaxFile

const (
	// sniffed is how many bytes of a file tell what it is.
	sniffed = pth.SniffBytes
	// shortest is less than any checkpoint has.
	shortest = 32
)

// read reads the checkpoint at a path.
func read(path string, unflipped bool, what wanted) (s *source, err error) {
	place, err := theano.Find(path)
	switch {
	case err == nil:
		s, err = readArrays(place, unflipped, what != wantHeaders)
	case errors.Is(err, theano.ErrNone):
		var f *os.File
		var size int64
		if f, size, err = fileio.OpenRegular(path); err != nil {
			return nil, fmt.Errorf("model: %w", classify(err))
		}
		defer f.Close()
		s, err = readFile(f, size, what)
		err = named(path, err)
	default:
		return nil, fmt.Errorf("model: %w", classify(err))
	}
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", path, classify(err))
	}
	s.path = path
	return s, nil
}

// readFile reads a checkpoint file of size bytes.
func readFile(r io.ReaderAt, size int64, what wanted) (*source, error) {
	if size > maxFile {
		return nil, infer.Refuse("%d bytes, want at most %d", size, int64(maxFile))
	}
	if what == wantHeaders {
		return readHeaders(r, size)
	}
	b := make([]byte, size)
	if err := fileio.ReadFullAt(r, b, 0); err != nil {
		return nil, err
	}
	return parseBytes(b, what)
}

// parseBytes reads a checkpoint file in memory.
func parseBytes(b []byte, what wanted) (*source, error) {
	s, err := detect(b[:min(len(b), sniffed)], what,
		func() (*safetensors.File, error) { return safetensors.Parse(b) },
		func() (*pth.File, error) { return pth.Parse(b) })
	if err != nil {
		return nil, err
	}
	s.size = len(b)
	if s.sha256 == nil {
		s.sha256 = digest(b)
	}
	return s, nil
}

// readHeaders reads what a checkpoint file says of itself.
func readHeaders(r io.ReaderAt, size int64) (*source, error) {
	first := make([]byte, min(size, sniffed))
	if err := fileio.ReadFullAt(r, first, 0); err != nil {
		return nil, err
	}
	s, err := detect(first, wantHeaders,
		func() (*safetensors.File, error) { return safetensors.ReadHeader(r, size) },
		func() (*pth.File, error) { return pth.ReadHeader(r, size) })
	if err != nil {
		return nil, err
	}
	s.size = int(size)
	return s, nil
}

// detect tells by a file's first bytes what it is, and reads it by plain as a
// safetensors file or by torch as a checkpoint of PyTorch.
func detect(first []byte, what wanted, plain func() (*safetensors.File, error), torch func() (*pth.File, error)) (*source, error) {
	switch {
	case len(first) < shortest:
		return nil, infer.Refuse("%d bytes: cut short, get the file again", len(first))
	case safetensors.Sniff(first):
		f, err := plain()
		if err != nil {
			return nil, err
		}
		return parse(f, what)
	case pth.Sniff(first):
		f, err := torch()
		if err != nil {
			return nil, err
		}
		return parseTorch(f), nil
	}
	if other := pth.Other(first); other != "" {
		return nil, infer.Unsupported("%s", other)
	}
	return nil, errNoFormat
}

// errNoFormat says that a file's bytes are of no format that is known.
var errNoFormat = infer.Unsupported("neither a safetensors file nor a checkpoint of PyTorch")

// named says by its name what a file is whose bytes do not say it.
func named(path string, err error) error {
	if other := pth.OtherNamed(filepath.Base(path)); other != "" && errors.Is(err, errNoFormat) {
		return infer.Unsupported("%s", other)
	}
	return err
}

// parse returns the source that a safetensors file is.
func parse(f *safetensors.File, what wanted) (*source, error) {
	all := &infer.Dict{Unordered: true}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		all.Tensors = append(all.Tensors, infer.Tensor{Name: t.Name, Shape: t.Shape, DType: torchName(t.DType), Data: t})
	}
	if _, ours := f.Metadata[kindKey]; ours {
		return parseOwn(f, all, what)
	}
	s := &source{format: "safetensors file"}
	all.TrimPrefix()
	s.nets = all.Nets(infer.MaxNesting)
	return s, nil
}

// parseOwn returns the source that a file of Save is. A survey goes on where it
// cannot be run.
func parseOwn(f *safetensors.File, all *infer.Dict, what wanted) (*source, error) {
	s := &source{format: "checkpoint of this program", sha256: func() string { return f.SHA256 }}
	var err error
	if s.own, err = decodeOwn(f); err != nil {
		if what == wantNets {
			return nil, err
		}
		s.why, s.dicts = err, []*infer.Dict{all}
		return s, nil
	}
	for _, prefix := range []string{prefixG, prefixD} {
		if under := all.Under(prefix); len(under.Tensors) > 0 {
			s.dicts = append(s.dicts, under)
		}
	}
	return s, nil
}

// parseTorch returns the source that a checkpoint of PyTorch is.
func parseTorch(f *pth.File) *source {
	s := &source{format: f.Format.String() + " file"}
	seen := map[*pth.Tensor]*infer.NetDict{}
	for _, sd := range f.StateDicts() {
		if len(sd.Tensors) == 0 {
			continue
		}
		if l := seen[sd.Tensors[0].Tensor]; l != nil && len(l.Dict.Tensors) == len(sd.Tensors) {
			l.Also = append(l.Also, sd.Path)
			continue
		}
		d := &infer.Dict{Path: sd.Path}
		for _, t := range sd.Tensors {
			d.Tensors = append(d.Tensors, infer.Tensor{Name: t.Name, Shape: t.Tensor.Shape, DType: string(t.Tensor.DType), Data: t.Tensor})
		}
		d.TrimPrefix()
		nets := d.Nets(infer.MaxNesting)
		if len(nets) == 1 {
			seen[sd.Tensors[0].Tensor] = nets[0]
		}
		s.nets = append(s.nets, nets...)
	}
	if len(s.nets) == 0 && len(f.Tensors) > 0 {
		d := &infer.Dict{}
		for _, t := range f.Tensors {
			d.Tensors = append(d.Tensors, infer.Tensor{Name: t.Name, Shape: t.Shape, DType: string(t.DType), Data: t})
		}
		s.dicts, s.why = []*infer.Dict{d}, infer.Unsupported("no state dict in it")
	}
	return s
}

// torchNames are PyTorch's names of dtypes.
var torchNames = map[safetensors.DType]string{
	safetensors.F16: "float16", safetensors.BF16: "bfloat16", safetensors.F32: "float32", safetensors.F64: infer.Float64,
	safetensors.I8: "int8", safetensors.I16: "int16", safetensors.I32: "int32", safetensors.I64: "int64",
	safetensors.U8: "uint8", safetensors.U16: "uint16", safetensors.U32: "uint32", safetensors.BOOL: "bool",
}

func torchName(d safetensors.DType) string {
	if n, ok := torchNames[d]; ok {
		return n
	}
	return strings.ToLower(string(d))
}

// digest begins to compute the SHA-256 of b, and returns what waits for it.
func digest(b []byte) func() string {
	sum := make(chan [sha256.Size]byte, 1)
	go func() { sum <- sha256.Sum256(b) }()
	return sync.OnceValue(func() string {
		s := <-sum
		return hex.EncodeToString(s[:])
	})
}
