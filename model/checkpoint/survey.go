package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
)

// A Survey is what a checkpoint file holds, whether it can be run or not.
type Survey struct {
	// Format says in words what the file is. Bytes is its size, or for a folder of
	// arrays the size of the arrays alone.
	Format string
	Bytes  int
	// SHA256 is the digest that names the model in recipes; only where the data
	// was read.
	SHA256, DiscSHA256 string
	// Meta says what the nets are that Open would return, G and D are their
	// layers. All are zero where it would return an error: Why.
	Meta Meta
	G, D []model.LayerInfo
	Why  error
	// Dicts are the state dicts, including the ones that are neither net.
	Dicts []SurveyDict
	// Notes and Told are Open's.
	Notes []string
	Told  Told
}

// A SurveyDict is a state dict of a Survey.
type SurveyDict struct {
	// File is 0 for the model's file, 1 for the file OpenOptions.Disc.
	File int
	// Path is where it is in the file, such as "netG"; Prefix is what the names
	// of all of its tensors begin with and is left out of them.
	Path, Prefix string
	// Net is G or D if it is the net of the Survey, and "" if not. Why says in
	// words why it can be neither; "" if it can.
	Net, Why string
	Tensors  []SurveyTensor
}

// A SurveyTensor is a tensor of a SurveyDict.
type SurveyTensor struct {
	Name  string
	Shape []int
	// DType is PyTorch's name of the elements' type.
	DType string
	// Stats are of the elements; nil if they were not read, or, for the reason
	// Unread, cannot be.
	Stats  *TensorStats
	Unread string
}

// Len returns the number of elements.
func (t *SurveyTensor) Len() int { return numbers(t.Shape) }

// Inspect says what a checkpoint holds without making nets of it. Without data
// only what a file of this program says of itself is read, and digests and checksums
// of the data are not checked. Of another program's file the tensors are read where
// their statistics tell what the nets are. With data all is read once, and the survey
// has statistics of every tensor.
//
// If a file cannot be read, the error is the one that Open returns. If it can be
// read but not run, the Survey says why.
func Inspect(path string, opt OpenOptions, data bool) (*Survey, error) {
	d := wantHeaders
	if data {
		d = wantTensors
	}
	src, err := read(path, opt.Unflipped, d)
	if err == nil && !data && src.tells(opt) {
		d = wantTensors
		src, err = read(path, opt.Unflipped, d)
	}
	if err != nil {
		return nil, err
	}
	return survey(src, opt, d, data)
}

// InspectAt is Inspect for a file of size bytes that r reads. It is called name in errors.
func InspectAt(name string, r io.ReaderAt, size int64, opt OpenOptions, data bool) (*Survey, error) {
	what := wantHeaders
	if data {
		what = wantTensors
	}
	src, err := readFile(r, size, what)
	if err == nil && !data && src.tells(opt) {
		what = wantTensors
		src, err = readFile(r, size, what)
	}
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, classify(err))
	}
	return survey(src, opt, what, data)
}

// tells reports whether the tensors of a source, or of the one beside it, may tell
// what its nets are.
func (s *source) tells(opt OpenOptions) bool {
	if opt.ByFamily {
		return false
	}
	return opt.Disc != "" || slices.ContainsFunc(s.nets, func(n *infer.NetDict) bool {
		return n.G != nil && n.G.HasFingerprints() || n.D != nil && n.D.HasFingerprints()
	})
}

func survey(src *source, opt OpenOptions, what wanted, data bool) (*Survey, error) {
	o, err := newOpenState(src, opt, what)
	if err != nil {
		return nil, err
	}
	s := &Survey{Format: o.src.format, Bytes: o.src.size}
	if data {
		s.SHA256 = o.src.sha256()
	}
	if o.disc != o.src {
		s.Bytes += o.disc.size
		if data {
			s.DiscSHA256 = o.disc.sha256()
		}
	}
	s.Why = s.infer(o)
	s.Notes, s.Told = o.notes, o.told
	s.list(o, o.src, 0, data)
	if o.disc != o.src {
		s.list(o, o.disc, 1, data)
	}
	if s.Why == nil {
		s.Why = s.flaw()
	}
	if s.Why != nil {
		s.Meta, s.G, s.D = Meta{}, nil, nil
	}
	return s, nil
}

// infer finds the nets that Open would return, or its error.
func (s *Survey) infer(o *openState) error {
	for _, src := range []*source{o.src, o.disc} {
		if src.why != nil {
			return src.why
		}
	}
	if err := o.find(); err != nil {
		return err
	}
	if err := o.complete(); err != nil {
		return err
	}
	if err := o.describe(&s.Meta); err != nil {
		return err
	}
	if err := o.batchNorm(&s.Meta); err != nil {
		return err
	}
	for _, n := range []struct {
		net   *netFile
		infos *[]model.LayerInfo
	}{{o.g, &s.G}, {o.d, &s.D}} {
		if n.net == nil {
			continue
		}
		if err := n.net.fits(); err != nil {
			return err
		}
		*n.infos = n.net.outline.Layers()
	}
	return nil
}

// list adds a file's state dicts.
func (s *Survey) list(o *openState, src *source, file int, data bool) {
	add := func(d *infer.Dict, net string, why error) {
		out := SurveyDict{File: file, Path: d.Path, Prefix: d.Prefix, Net: net}
		if why != nil {
			out.Why = why.Error()
		}
		for i := range d.Tensors {
			out.Tensors = append(out.Tensors, surveyTensor(&d.Tensors[i], data))
		}
		s.Dicts = append(s.Dicts, out)
	}
	for _, d := range src.dicts {
		net := ""
		if src.own != nil {
			net = d.Path
		}
		add(d, net, nil)
	}
	for _, l := range src.nets {
		net := ""
		switch {
		case o.g.is(l.G):
			net = "G"
		case o.d.is(l.D):
			net = "D"
		}
		add(l.Dict, net, l.Why)
	}
}

// is reports whether f was made of that chain.
func (f *netFile) is(c *infer.LayerChain) bool { return f != nil && c != nil && f.chain == c }

// flaw reports what makes nets of sound shapes useless: numbers that are not
// finite, or variances below 0, as far as they were read.
func (s *Survey) flaw() error {
	for _, d := range s.Dicts {
		for _, t := range d.Tensors {
			switch {
			case d.Net == "":
			case t.Unread != "":
				return errors.New(t.Unread)
			case t.Stats != nil && t.Stats.NaN+t.Stats.Inf > 0:
				return infer.Refuse("%.80q has %d NaN and %d infinite values", t.Name, t.Stats.NaN, t.Stats.Inf)
			case t.Stats != nil && t.Stats.Min < 0 && strings.HasSuffix(t.Name, "running_var"):
				return infer.Refuse("%.80q has %g, a variance below 0", t.Name, t.Stats.Min)
			}
		}
	}
	return nil
}
