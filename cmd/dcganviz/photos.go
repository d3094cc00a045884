package main

import (
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
)

// photoFlags are real pictures.
type photoFlags struct {
	Images string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Folder, .zip or .tar(.gz) of pictures, IDX file or CIFAR-10 batches (default: those that come with the model, ${pictures})."`
	List   string `group:"Pictures" placeholder:"FILE" recipe:"input" help:"Use only the pictures that this file names, one a line."`
}

// A photoSet is real pictures as a model sees them.
type photoSet struct {
	model.Tensor          // [N, size, size, channels]
	title        string   // what the user calls them
	names        []string // one a picture
	classes      []string // one a picture; nil where nothing says what they show
	available    int      // pictures that there are, bad ones included
}

// embeddedPhotos returns the name of the pictures of a kind, train or heldout,
// that come with the model or the run that it is an early state of, and whether
// there are any.
func (o *opened) embeddedPhotos(kind string) (string, bool) {
	run, _, _ := strings.Cut(o.name, "-epoch")
	name := run + "-" + kind
	return name, slices.Contains(zoo.PictureSets(), name)
}

// photos loads at most so many pictures, evenly spaced among those that there
// are: of --images, or else those of a kind, train or heldout, that come with
// the model. Pictures that cannot be decoded are left out, and a note says so.
func (f *photoFlags) photos(e *env, o *opened, kind string, most, threads int) (*photoSet, error) {
	cfg, err := o.picturesOf()
	if err != nil {
		return nil, err
	}
	opt := dataset.Options{Size: cfg.Size, Channels: cfg.Channels, List: f.List, Workers: threads}
	p := &photoSet{title: f.Images}
	var set *dataset.Set
	if f.Images != "" {
		set, err = dataset.Open(f.Images, opt)
	} else {
		name, ok := o.embeddedPhotos(kind)
		if !ok {
			return nil, usageError("no pictures come with %s (only with %s): name some by --images", o.Title, strings.Join(zoo.PictureSets(), ", "))
		}
		p.title = name
		var archive []byte
		if archive, err = zoo.Pictures(name); err == nil {
			set, err = dataset.OpenZip(name, archive, opt)
		}
	}
	if err != nil {
		return nil, err
	}
	defer set.Close()
	if err := p.load(e, set, most); err != nil {
		return nil, err
	}
	if bad := set.Bad(); len(bad) > 0 {
		e.note("%s: %d pictures left out, first %q: %v", p.title, len(bad), bad[0].Name, bad[0].Err)
	}
	return p, nil
}

// load reads the pictures.
func (p *photoSet) load(e *env, set *dataset.Set, most int) error {
	h, w, c := set.Dims()
	p.available = set.Len()
	n := min(p.available, most)
	chosen := make([]int, n)
	for i := range chosen {
		chosen[i] = i * p.available / n
	}
	p.Tensor = model.NewTensor(n, h, w, c)
	shown := newCount(e.stderr, "pictures read", n)
	defer shown.close()
	for from := 0; from < n; from += part {
		to := min(from+part, n)
		if err := set.Load(e.ctx, chosen[from:to], p.Slice(from, to).Data); err != nil {
			return err
		}
		shown.reach(to)
	}
	bad := make(map[int]bool)
	for _, b := range set.Bad() {
		bad[b.Index] = true
	}
	good := 0
	for i, at := range chosen {
		if bad[at] {
			continue
		}
		copy(p.Row(good), p.Row(i))
		good++
		p.names = append(p.names, set.Name(at))
		if k := set.Label(at); k >= 0 {
			p.classes = append(p.classes, set.Classes()[k])
		}
	}
	if good == 0 {
		return usageError("none of the %d pictures taken from %s can be decoded, first %q: %w", n, p.title, set.Bad()[0].Name, set.Bad()[0].Err)
	}
	p.Tensor = p.Slice(0, good)
	if len(p.classes) != good {
		p.classes = nil // some have none
	}
	return nil
}

// picturesOf returns the size and channels of the model's pictures.
func (o *opened) picturesOf() (model.Config, error) {
	switch {
	case o.D != nil:
		return o.D.Config(), nil
	case o.G != nil:
		return o.G.Config(), nil
	}
	return model.Config{}, unsupported("%s holds neither G nor D", o.Title)
}
