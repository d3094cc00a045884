package theano

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"dcganviz/internal/npy"
)

// What the errors of Read wrap; the first three come from package npy.
var (
	// ErrCorrupt means that an array is damaged, cut short or missing.
	ErrCorrupt = npy.ErrCorrupt
	// ErrTooLarge means that there is more than this package takes.
	ErrTooLarge = npy.ErrTooLarge
	// ErrUnsupported means that the arrays are no DCGAN of the authors.
	ErrUnsupported = npy.ErrUnsupported
	// ErrAmbiguous means that a directory holds several nets. The error lists
	// files, and the caller has to name one of them.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrNone means that there are no such arrays.
	ErrNone = errors.New("no arrays of the authors' DCGAN")
)

// MaxArrays is the largest number of arrays in one net.
const MaxArrays = 64

// Array is one array in C order, the last axis fastest.
type Array struct {
	// Name is the role of the array: "w", "gain", "bias", "w2", ..., "wx"; in D
	// "wy" is last, and w has no gain and bias.
	Name  string
	Shape []int
	Data  []float32
}

// Nets are the arrays in their order; one of G and D may be missing.
type Nets struct {
	// Stem is what the file names begin with, such as "200_" for epoch 200.
	Stem string
	G, D []Array
}

// pattern takes a file name apart: stem, net and, for an array, its number.
var pattern = regexp.MustCompile(`^(.*)(gen|discrim)_params\.jl(?:_([0-9]{1,3})\.npy)?$`)

// A Place is a directory whose arrays were listed but not read.
type Place struct {
	dir   string
	stem  *string // of the net that is meant; nil if a directory was named
	files map[string]map[string]numbered
}

// Find lists the arrays at path, which is a directory or one of the files of a net.
// It takes any directory. It knows the files of a net by their names, and any other
// file gives ErrNone.
func Find(path string) (*Place, error) {
	dir, stem, err := locate(path)
	if err != nil {
		return nil, err
	}
	p := &Place{dir: dir, stem: stem}
	if p.files, err = list(dir); stem != nil && (err != nil || p.files[*stem] == nil) {
		return nil, fmt.Errorf("%s: no %sgen_params.jl_01.npy: %w", dir, *stem, ErrNone)
	}
	return p, err
}

// Sniff reports whether the directory at path holds such arrays, or path is
// one of their files by its name.
func Sniff(path string) bool {
	p, err := Find(path)
	return err == nil && len(p.files) > 0
}

// Read reads the arrays. Where the directory holds several nets, Find has to be
// given one of the files of the net that is meant, such as its index.
func (p *Place) Read() (*Nets, error) { return prefixed(p.read(npy.ReadFile)) }

// ReadHeader is Read that leaves the data on the disk: the arrays have shapes, and
// nil Data.
func (p *Place) ReadHeader() (*Nets, error) { return prefixed(p.read(npy.ReadFileHeader)) }

func prefixed(n *Nets, err error) (*Nets, error) {
	if err != nil {
		return nil, fmt.Errorf("theano: %w", err)
	}
	return n, nil
}

// reader reads one array.
type reader func(path string) (*npy.Array, error)

func (p *Place) read(one reader) (_ *Nets, err error) {
	dir, stem := p.dir, p.stem
	if stem == nil {
		if stem, err = only(dir, p.files); err != nil {
			return nil, err
		}
	}
	found := p.files[*stem]
	n := &Nets{Stem: *stem}
	if n.G, err = arrays(dir, *stem+"gen_params.jl", found["gen"], one, nameG); err != nil {
		return nil, err
	}
	if n.D, err = arrays(dir, *stem+"discrim_params.jl", found["discrim"], one, nameD); err != nil {
		return nil, err
	}
	return n, nil
}

// locate returns the directory of path, and the stem where path is a file.
func locate(path string) (dir string, stem *string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", nil, err
	}
	if info.IsDir() {
		return path, nil, nil
	}
	m := pattern.FindStringSubmatch(filepath.Base(path))
	if m == nil {
		return "", nil, fmt.Errorf("%s: want a directory or a file like 200_gen_params.jl: %w", path, ErrNone)
	}
	return filepath.Dir(path), &m[1], nil
}

// numbered are the names of a net's arrays by number.
type numbered map[int]string

// list returns the arrays in dir by stem and net.
func list(dir string) (map[string]map[string]numbered, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := make(map[string]map[string]numbered)
	for _, e := range entries {
		m := pattern.FindStringSubmatch(e.Name())
		if m == nil || m[3] == "" {
			continue
		}
		number, err := strconv.Atoi(m[3])
		if err != nil {
			return nil, err
		}
		nets := found[m[1]]
		if nets == nil {
			nets = make(map[string]numbered)
			found[m[1]] = nets
		}
		if nets[m[2]] == nil {
			nets[m[2]] = make(numbered)
		}
		if other, ok := nets[m[2]][number]; ok {
			return nil, fmt.Errorf("%s: %s and %s have one number: %w", dir, other, e.Name(), ErrCorrupt)
		}
		nets[m[2]][number] = e.Name()
	}
	return found, nil
}

// only returns the one stem that there is.
func only(dir string, files map[string]map[string]numbered) (*string, error) {
	stems := slices.Sorted(maps.Keys(files))
	switch {
	case len(stems) == 0:
		return nil, fmt.Errorf("%s: no files like 200_gen_params.jl_01.npy: %w", dir, ErrNone)
	case len(stems) > 1:
		return nil, fmt.Errorf("%s: nets %q, want a file of one, such as %sgen_params.jl: %w",
			dir, stems[:min(len(stems), 10)], stems[0], ErrAmbiguous)
	}
	return &stems[0], nil
}

// arrays reads the arrays 1, 2, ... of one net and names them.
func arrays(dir, index string, files numbered, one reader, name func([]Array) error) ([]Array, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if len(files) > MaxArrays {
		return nil, fmt.Errorf("%s: %d arrays of %s, want at most %d: %w", dir, len(files), index, MaxArrays, ErrTooLarge)
	}
	var all []Array
	for i := 1; i <= len(files); i++ {
		file, ok := files[i]
		if !ok {
			return nil, fmt.Errorf("%s: %s_%02d.npy of %d arrays is missing: %w", dir, index, i, len(files), ErrCorrupt)
		}
		a, err := one(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		// The authors' machines were little-endian, and one flipped bit of the
		// header makes it look otherwise.
		if a.BigEndian {
			return nil, fmt.Errorf("%s: big-endian numbers, want little-endian ones as the authors wrote: %w", filepath.Join(dir, file), ErrCorrupt)
		}
		all = append(all, Array{Shape: a.Shape, Data: a.Data})
	}
	if err := name(all); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", dir, index, err)
	}
	return all, nil
}
