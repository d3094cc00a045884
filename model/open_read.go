package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"dcganviz/internal/fileio"
	"dcganviz/internal/pth"
	"dcganviz/internal/safetensors"
	"dcganviz/internal/theano"
)

// A depth is how much of a file is read.
type depth uint8

const (
	nets    depth = iota // all, as nets to run
	tensors              // all
	headers              // what it says of itself
)

// maxFile is the largest file that is read.
const maxFile = pth.MaxFile

const (
	// sniffed is how many bytes of a file tell what it is.
	sniffed = 64
	// shortest is less than any checkpoint has.
	shortest = 32
)

// readSource reads the checkpoint at a path.
func readSource(path string, unflipped bool, d depth) (s *source, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if info.IsDir() || theano.Sniff(path) {
		s, err = readArrays(path, unflipped, d != headers)
	} else {
		var f *os.File
		var size int64
		if f, size, err = fileio.OpenRegular(path); err != nil {
			return nil, fmt.Errorf("model: %w", classify(err))
		}
		defer f.Close()
		s, err = readFile(f, size, d)
	}
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", path, classify(err))
	}
	s.path = path
	return s, nil
}

// readFile reads a checkpoint file of size bytes.
func readFile(r io.ReaderAt, size int64, d depth) (*source, error) {
	if size > maxFile {
		return nil, refuse("%d bytes, want at most %d", size, int64(maxFile))
	}
	if d == headers {
		return readHeaders(r, size)
	}
	b := make([]byte, size)
	if err := fileio.ReadFullAt(r, b, 0); err != nil {
		return nil, err
	}
	return parseSource(b, d)
}

// parseSource reads a checkpoint file in memory.
func parseSource(b []byte, d depth) (*source, error) {
	s, err := sourceIn(b[:min(len(b), sniffed)], d,
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
	s, err := sourceIn(first, headers,
		func() (*safetensors.File, error) { return safetensors.ReadHeader(r, size) },
		func() (*pth.File, error) { return pth.ReadHeader(r, size) })
	if err != nil {
		return nil, err
	}
	s.size = int(size)
	return s, nil
}

// sourceIn finds the container by a file's first bytes, and reads the file as
// what it is.
func sourceIn(first []byte, d depth, plain func() (*safetensors.File, error), torch func() (*pth.File, error)) (*source, error) {
	switch {
	case len(first) < shortest:
		return nil, refuse("%d bytes: cut short, get the file again", len(first))
	case safetensors.Sniff(first):
		f, err := plain()
		if err != nil {
			return nil, err
		}
		return sourceOf(f, d)
	case pth.Sniff(first):
		f, err := torch()
		if err != nil {
			return nil, err
		}
		return sourceOfPTH(f), nil
	}
	return nil, unsupported("neither a safetensors file nor a checkpoint of PyTorch")
}

func sourceOf(f *safetensors.File, d depth) (*source, error) {
	all := &foreignDict{unordered: true}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		all.tensors = append(all.tensors, foreignTensor{t.Name, t.Shape, torchName(t.DType), t})
	}
	if _, ours := f.Metadata[kindKey]; ours {
		return ownSource(f, all, d)
	}
	s := &source{format: "safetensors file"}
	all.trimPrefix()
	s.leaves = all.leaves(maxNesting)
	return s, nil
}

// ownSource is the source of a file of Save. A survey goes on where it cannot be
// run.
func ownSource(f *safetensors.File, all *foreignDict, d depth) (*source, error) {
	s := &source{format: "checkpoint of this program", sha256: func() string { return f.SHA256 }}
	if d == nets {
		c, err := decode(f)
		if err != nil {
			return nil, err
		}
		s.own = c
		if c.G != nil {
			s.ownG = c.G.layers
		}
		if c.D != nil {
			s.ownD = c.D.layers
		}
		return s, nil
	}
	meta, g, dd, err := decodeMeta(f)
	if err == nil && len(g) > 0 {
		s.ownG = meta.Config.generatorLayers()
		err = checkShapes(s.ownG, prefixG, g)
	}
	if err == nil && len(dd) > 0 {
		s.ownD = meta.Config.discriminatorLayers()
		err = checkShapes(s.ownD, prefixD, dd)
	}
	if err != nil {
		s.ownG, s.ownD, s.why, s.dicts = nil, nil, err, []*foreignDict{all}
		return s, nil
	}
	s.own = &Checkpoint{Meta: meta}
	for _, prefix := range []string{prefixG, prefixD} {
		if under := all.under(prefix); len(under.tensors) > 0 {
			s.dicts = append(s.dicts, under)
		}
	}
	return s, nil
}

func sourceOfPTH(f *pth.File) *source {
	s := &source{format: f.Format.String() + " file"}
	seen := map[*pth.Tensor]*leaf{}
	for _, sd := range f.StateDicts() {
		if len(sd.Tensors) == 0 {
			continue
		}
		if l := seen[sd.Tensors[0].Tensor]; l != nil && len(l.dict.tensors) == len(sd.Tensors) {
			l.also = append(l.also, sd.Path)
			continue
		}
		d := &foreignDict{path: sd.Path}
		for _, t := range sd.Tensors {
			d.tensors = append(d.tensors, foreignTensor{t.Name, t.Tensor.Shape, string(t.Tensor.DType), t.Tensor})
		}
		d.trimPrefix()
		leaves := d.leaves(maxNesting)
		if len(leaves) == 1 {
			seen[sd.Tensors[0].Tensor] = leaves[0]
		}
		s.leaves = append(s.leaves, leaves...)
	}
	if len(s.leaves) == 0 && len(f.Tensors) > 0 {
		d := &foreignDict{}
		for _, t := range f.Tensors {
			d.tensors = append(d.tensors, foreignTensor{t.Name, t.Shape, string(t.DType), t})
		}
		s.dicts, s.why = []*foreignDict{d}, unsupported("no state dict in it")
	}
	return s
}

// torchNames are PyTorch's names of dtypes.
var torchNames = map[safetensors.DType]string{
	safetensors.F16: "float16", safetensors.BF16: "bfloat16", safetensors.F32: "float32", safetensors.F64: float64Name,
	safetensors.I8: "int8", safetensors.I16: "int16", safetensors.I32: "int32", safetensors.I64: "int64",
	safetensors.U8: "uint8", safetensors.U16: "uint16", safetensors.U32: "uint32", safetensors.BOOL: "bool",
}

const float64Name = "float64"

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
