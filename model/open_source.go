package model

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"dcganviz/internal/fileio"
	"dcganviz/internal/pth"
	"dcganviz/internal/safetensors"
	"dcganviz/internal/theano"
)

// A source is a checkpoint file or folder that was read.
type source struct {
	path   string
	format string // in words
	// sha256 waits for the digest, which is computed while nets are made: the
	// one takes as long as the other.
	sha256 func() string
	size   int         // in bytes
	own    *Checkpoint // of Save; its nets are nil in a survey
	// ownG and ownD are the layers of its nets.
	ownG, ownD []layer
	leaves     []*leaf // of others
	arrays     bool    // the authors'
	// Of a survey: the state dicts that are no leaves, and why they are none.
	dicts []*foreignDict
	why   error
}

// A depth is how much of a file is read.
type depth uint8

const (
	nets    depth = iota // all, as nets to run
	tensors              // all
	headers              // what it says of itself
)

// A leaf is a state dict that is one net, or of which it cannot be told.
type leaf struct {
	dict *foreignDict
	also []string // other paths to it
	g, d *chain   // what it is as a G and as a D; nil if it is none
	why  error    // why it is neither
}

func (l *leaf) path() string { return l.dict.path }

func (l *leaf) whyNotD() error {
	if l.why != nil {
		return l.why
	}
	return errors.New("it is a G")
}

func unsupported(format string, args ...any) error {
	return unsupportedBy(fmt.Errorf(format, args...))
}

func unsupportedBy(err error) error { return &refusal{err, ErrUnsupported} }

func ambiguous(format string, args ...any) error {
	return &refusal{fmt.Errorf(format, args...), ErrAmbiguous}
}

// undecided is ambiguous where one of the options would decide.
func undecided(options []string, format string, args ...any) error {
	return &AmbiguousError{options, fmt.Errorf(format, args...)}
}

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

// trimPrefix takes off what DataParallel puts before every name.
func (d *foreignDict) trimPrefix() { d.trim(pth.DataParallel) }

// trim takes a prefix off every name, if all have it.
func (d *foreignDict) trim(prefix string) {
	for _, t := range d.tensors {
		if !strings.HasPrefix(t.name, prefix) {
			return
		}
	}
	for i := range d.tensors {
		d.tensors[i].name = strings.TrimPrefix(d.tensors[i].name, prefix)
	}
	d.prefix = prefix
}

// under returns the tensors with a prefix, without it.
func (d *foreignDict) under(prefix string) *foreignDict {
	out := &foreignDict{path: strings.TrimSuffix(prefix, "."), unordered: d.unordered}
	for _, t := range d.tensors {
		if rest, ok := strings.CutPrefix(t.name, prefix); ok {
			out.tensors = append(out.tensors, foreignTensor{rest, t.shape, t.dtype, t.data})
		}
	}
	return out
}

// leaves returns the nets in a state dict: itself, or, if it is none, those
// under the first words of its names, as in a module of modules, and so on.
func (d *foreignDict) leaves(depth int) []*leaf {
	l := &leaf{dict: d}
	var errG, errD error
	l.g, errG = chainOf(d, false)
	l.d, errD = chainOf(d, true)
	if l.g != nil || l.d != nil {
		return []*leaf{l}
	}
	if parts := d.parts(); depth > 0 && len(parts) > 1 {
		nets := 0
		var below []*leaf
		for _, p := range parts {
			for _, b := range p.leaves(depth - 1) {
				below = append(below, b)
				if b.g != nil || b.d != nil {
					nets++
				}
			}
		}
		if nets > 0 {
			return below
		}
	}
	if l.why = errG; d.looksLikeD() {
		l.why = errD
	}
	return []*leaf{l}
}

// maxParts and maxNesting bound the search for nets inside of a state dict.
const (
	maxParts   = 16
	maxNesting = 4
)

// parts divides a state dict by the first words of its names, after those that
// all of them have in common.
func (d *foreignDict) parts() []*foreignDict {
	common := 0
	for {
		parts := map[string]*foreignDict{}
		var order []*foreignDict
		for _, t := range d.tensors {
			word, rest, ok := strings.Cut(t.name[common:], ".")
			if !ok || len(order) > maxParts {
				return nil
			}
			p := parts[word]
			if p == nil {
				p = &foreignDict{path: strings.TrimPrefix(d.path+"."+t.name[:common]+word, "."), unordered: d.unordered, prefix: d.prefix}
				parts[word] = p
				order = append(order, p)
			}
			p.tensors = append(p.tensors, foreignTensor{rest, t.shape, t.dtype, t.data})
		}
		if len(order) != 1 {
			return order
		}
		first, _, _ := strings.Cut(d.tensors[0].name[common:], ".")
		common += len(first) + 1
	}
}

// looksLikeD reports that the first weights take images.
func (d *foreignDict) looksLikeD() bool {
	for _, t := range d.tensors {
		if len(t.shape) == 4 {
			return t.shape[1] == 1 || t.shape[1] == 3
		}
	}
	return false
}

// leaf returns the state dict at a key, nil for no key.
func (s *source) leaf(key string) (*leaf, error) {
	switch {
	case key == "":
		return nil, nil
	case s.own != nil:
		return nil, ambiguous("a key %.80q, but a checkpoint of this program has no state dicts to choose from", key)
	}
	var exact, ends []*leaf
	for _, l := range s.leaves {
		paths := append([]string{l.path()}, l.also...)
		if slices.Contains(paths, key) {
			exact = append(exact, l)
		} else if slices.ContainsFunc(paths, func(p string) bool { return strings.HasSuffix(p, "."+key) }) {
			ends = append(ends, l)
		}
	}
	if len(exact) == 0 {
		exact = ends
	}
	if len(exact) != 1 {
		return nil, ambiguous("%d state dicts at %.80q, want one of %s", len(exact), key, s.list(s.leaves))
	}
	return exact[0], nil
}

// only returns the only G, or D, besides other; nil if there is none.
func (s *source) only(image bool, other *leaf) (*leaf, error) {
	var all []*leaf
	for _, l := range s.leaves {
		if l != other && (image && l.d != nil || !image && l.g != nil) {
			all = append(all, l)
		}
	}
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	what, option := "G", "Key"
	if image {
		what, option = "D", "DiscKey"
	}
	return nil, undecided([]string{option}, "%d state dicts can be %s, say which: %s", len(all), what, s.list(all))
}

// list names state dicts in an error.
func (s *source) list(leaves []*leaf) string {
	var paths []string
	for _, l := range leaves {
		paths = append(paths, fmt.Sprintf("%.80q", l.path()))
	}
	if len(paths) == 0 {
		return "none"
	}
	return strings.Join(paths, ", ")
}

// nothing says why there is no net in a source.
func (s *source) nothing() error {
	switch {
	case s.own != nil:
		return unsupported("it does not have the net asked for")
	case len(s.leaves) == 0:
		return unsupported("no state dict in it")
	}
	l := s.leaves[0]
	if l.why == nil {
		return unsupported("it does not have the net asked for")
	}
	if l.path() == "" {
		return unsupported("it is no plain stack of convolutions and linear layers: %w", l.why)
	}
	return unsupported("state dict %.80q is no plain stack of convolutions and linear layers: %w", l.path(), l.why)
}
