package reference

import (
	"strings"

	"dcganviz/internal/safetensors"
)

// A Net is the DCGAN that a file is about. A width or dimension that the file does
// not give is 1.
type Net struct {
	// Paper says that it is the authors' net, and not pytorch/examples'.
	Paper                                     bool
	Size, Channels, LatentDim, GWidth, DWidth int
}

// Net returns the net of the file.
func (f *File) Net() Net {
	f.Helper()
	n := Net{Size: f.Number("size"), LatentDim: 1, GWidth: 1, DWidth: 1}
	switch arch := f.Metadata["arch"]; arch {
	case "examples":
	case "newmu":
		n.Paper = true
	default:
		f.Fatalf("reference: unknown architecture %q", arch)
	}
	for key, field := range map[string]*int{"nz": &n.LatentDim, "ngf": &n.GWidth, "ndf": &n.DWidth} {
		if f.Metadata[key] != "" {
			*field = f.Number(key)
		}
	}
	for _, images := range []string{"in/real", "in/x", "f64/y"} { // [..., C, H, W]
		if f.Has(images) {
			shape := f.Shape(images)
			n.Channels = shape[len(shape)-3]
			return n
		}
	}
	f.Fatal("reference: no images in the file")
	return n
}

// State returns the entries of a state dict whose names begin with prefix, which
// is cut off. T is model.NamedTensor, which this package is below.
func State[T ~struct {
	Name  string
	Shape []int
	Data  []float32
	Ints  []int64
}](f *File, prefix string) []T {
	f.Helper()
	var out []T
	for _, e := range f.Tensors {
		name, ok := strings.CutPrefix(e.Name, prefix)
		if !ok {
			continue
		}
		var entry struct {
			Name  string
			Shape []int
			Data  []float32
			Ints  []int64
		}
		entry.Name, entry.Shape = name, e.Shape
		if e.DType == safetensors.I64 {
			entry.Ints = f.Ints(e.Name)
		} else {
			entry.Data = f.Floats(e.Name)
		}
		out = append(out, T(entry))
	}
	return out
}
