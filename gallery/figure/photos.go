package figure

import (
	"context"
	"errors"
	"strings"

	"dcganviz/model"
	"dcganviz/model/dataset"
	training "dcganviz/model/train/run"
	"dcganviz/model/zoo"
	"dcganviz/probe"
)

// PhotoOptions are real pictures.
type PhotoOptions struct {
	Images string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Folder, .zip or .tar(.gz) of pictures, IDX file or CIFAR batches (default: those that come with the model, ${pictures})."`
	List   string `group:"Pictures" placeholder:"FILE" recipe:"input" help:"Use only the pictures that this file names, one a line."`
}

// photos are real pictures as a model sees them.
type photos struct {
	model.Tensor          // [N, height, width, channels]
	title        string   // what the caller calls them
	names        []string // one a picture
	classes      []string // one a picture; nil where nothing says what they show
	available    int      // pictures that there are, bad ones included
}

// noPictures says that none come with the model, and which a run was trained on.
func (l *Lab) noPictures() error {
	if l.Folder != "" {
		if p, err := training.ReadPlan(l.Folder); err == nil && p.Data != "" {
			return usage("no pictures come with %s: name some by --images; it was trained on %q", l.Model.Title, p.Data)
		}
	}
	return usage("no pictures come with %s: name some by --images, yours or an embedded set (%s)", l.Model.Title, strings.Join(zoo.PictureSets(), ", "))
}

// photos loads at most so many pictures, evenly spaced among those that there
// are: of --images, or else those of a kind, train or heldout, that come with the
// model. Pictures that cannot be decoded are left out, and a note says so.
func (l *Lab) photos(ctx context.Context, o PhotoOptions, kind string, most int) (*photos, error) {
	set, title, err := l.openPhotos(o, kind)
	if err != nil {
		return nil, err
	}
	defer set.Close()
	p := &photos{title: title}
	if err := p.load(ctx, l, set, most); err != nil {
		return nil, err
	}
	if o.Images != "" {
		for _, n := range set.Notes() {
			l.note("%s: %s", p.title, n)
		}
	}
	l.noteBad(p.title, set)
	return p, nil
}

// openPhotos opens the set that o names, or else the one of a kind that comes with the
// model, with pictures as the model sees them. It returns what the caller calls it, too.
func (l *Lab) openPhotos(o PhotoOptions, kind string) (set *dataset.Set, title string, err error) {
	cfg, err := l.pictures()
	if err != nil {
		return nil, "", err
	}
	opt := dataset.Options{Size: cfg.Size, Width: cfg.Width, Channels: cfg.Channels, List: o.List, Workers: l.Workers}
	if o.Images != "" {
		set, err = dataset.Open(o.Images, opt)
		return set, o.Images, err
	}
	title, ok := l.embedded(kind)
	if !ok {
		return nil, "", l.noPictures()
	}
	set, err = zoo.Pictures(title, opt)
	return set, title, err
}

// noteBad says which pictures of a set cannot be decoded.
func (l *Lab) noteBad(title string, set *dataset.Set) {
	if bad := set.Bad(); len(bad) > 0 {
		l.note("%s: %d pictures left out, first %q: %v", title, len(bad), bad[0].Name, bad[0].Err)
	}
}

// badOf are the numbers of the pictures of a set that cannot be decoded, as far as they
// were read.
func badOf(set *dataset.Set) map[int]bool {
	bad := make(map[int]bool)
	for _, b := range set.Bad() {
		bad[b.Index] = true
	}
	return bad
}

// sourcesOf numbers the photographs that pictures are of: by a table with the columns
// file and source, or for pictures that come with the model by what comes with them. Nil:
// nobody says.
func (p *photos) sourcesOf(table string, embedded bool) ([]int, error) {
	var of map[string]string
	var err error
	switch {
	case table != "":
		of, err = dataset.ReadColumn(table, "source")
	case embedded:
		if of, err = zoo.Sources(p.title); errors.Is(err, zoo.ErrNone) {
			return nil, nil
		}
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	numbers, all := make(map[string]int), make([]int, len(p.names))
	for i, name := range p.names {
		source, ok := of[name]
		if !ok {
			return nil, usage("--sources %s has no line for picture %.80q", table, name)
		}
		if _, known := numbers[source]; !known {
			numbers[source] = len(numbers)
		}
		all[i] = numbers[source]
	}
	return all, nil
}

// load reads the pictures.
func (p *photos) load(ctx context.Context, l *Lab, set *dataset.Set, most int) error {
	h, w, c := set.Dims()
	p.available = set.Len()
	n := min(p.available, most)
	chosen := make([]int, n)
	for i := range chosen {
		chosen[i] = i * p.available / n
	}
	p.Tensor = model.NewTensor(n, h, w, c)
	err := probe.InParts(ctx, n, part, func(from, to int) error {
		l.progress("pictures read", from, n)
		return set.Load(ctx, chosen[from:to], p.Slice(from, to).Data)
	})
	if err != nil {
		return err
	}
	bad := badOf(set)
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
		return usage("none of the %d pictures taken from %s can be decoded, first %q: %w", n, p.title, set.Bad()[0].Name, set.Bad()[0].Err)
	}
	p.Tensor = p.Slice(0, good)
	if len(p.classes) != good {
		p.classes = nil // some have none
	}
	return nil
}
