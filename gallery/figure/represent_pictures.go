package figure

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/probe/represent"
)

// A labelledPair is labelled pictures to learn from and to test on, with one list of
// classes.
type labelledPair struct {
	train, test labelledSet
	classes     []string
	sets        []*dataset.Set
}

// A labelledSet is some pictures of an open set.
type labelledSet struct {
	title   string
	set     *dataset.Set
	numbers []int // in the set
	labels  []int // in labelledPair.classes
}

func (p *labelledPair) close() {
	for _, s := range p.sets {
		s.Close()
	}
}

// open opens the pictures. Those that cannot be decoded, or have no class, are left out.
func (c *Represent) open(ctx context.Context, lab *Lab) (p *labelledPair, err error) {
	p = new(labelledPair)
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	p.train, err = p.labelled(ctx, lab, c.Images, c.List, "train")
	if err != nil {
		return p, err
	}
	if c.Images == "" || c.Test != "" {
		p.test, err = p.labelled(ctx, lab, c.Test, "", "heldout")
	} else {
		p.test = p.train
		err = p.divide(c.Seed)
	}
	if err != nil {
		return p, err
	}
	if len(p.classes) < represent.MinClasses {
		return p, usage("%s has pictures of %d class with a name, want at least %d", p.train.title, len(p.classes), represent.MinClasses)
	}
	return p, nil
}

// labelled opens a set of pictures: at a path, or of a kind that comes with the model.
func (p *labelledPair) labelled(ctx context.Context, lab *Lab, path, list, kind string) (s labelledSet, err error) {
	if s.set, s.title, err = lab.openPhotos(PhotoOptions{Images: path, List: list}, kind); err != nil {
		return s, err
	}
	p.sets = append(p.sets, s.set)
	if err := s.set.Check(ctx, func(done int) { lab.progress("pictures read", done, s.set.Len()) }); err != nil {
		return s, err
	}
	bad := badOf(s.set)
	lab.noteBad(s.title, s.set)
	unnamed := 0
	for i := range s.set.Len() {
		k := s.set.Label(i)
		if bad[i] {
			continue
		}
		if k < 0 {
			unnamed++
			continue
		}
		name := s.set.Classes()[k]
		at := slices.Index(p.classes, name)
		if at < 0 {
			at = len(p.classes)
			p.classes = append(p.classes, name)
		}
		s.numbers, s.labels = append(s.numbers, i), append(s.labels, at)
	}
	if unnamed > 0 {
		lab.note("%s: %d pictures without a class left out", s.title, unnamed)
	}
	if len(s.numbers) == 0 {
		return s, usage("%s has no pictures with a class: folders name classes, or the labels of IDX and CIFAR files", s.title)
	}
	return s, nil
}

// divide takes a fifth of the pictures of each class for the test, at random.
func (p *labelledPair) divide(seed uint64) error {
	rng := random.New(seed, random.RepresentHoldout)
	of := make([][]int, len(p.classes))
	for i, l := range p.train.labels {
		of[l] = append(of[l], i)
	}
	all := p.train
	test := make([]bool, len(all.numbers))
	for k, places := range of {
		if len(places) < 2 {
			return usage("class %.80q of %s has a single picture: there is none to test on", p.classes[k], all.title)
		}
		rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, i := range places[:max(1, len(places)/5)] {
			test[i] = true
		}
	}
	p.train.numbers, p.train.labels, p.test.numbers, p.test.labels = nil, nil, nil, nil
	for i, l := range all.labels {
		s := &p.train
		if test[i] {
			s = &p.test
		}
		s.numbers, s.labels = append(s.numbers, all.numbers[i]), append(s.labels, l)
	}
	return nil
}

// pictures returns the set as the probe takes it.
func (s *labelledSet) pictures() represent.Pictures {
	return represent.Pictures{Labels: s.labels, Load: func(ctx context.Context, numbers []int) (model.Tensor, error) {
		h, w, c := s.set.Dims()
		x := model.NewTensor(len(numbers), h, w, c)
		at := make([]int, len(numbers))
		for i, n := range numbers {
			at[i] = s.numbers[n]
		}
		return x, s.set.Load(ctx, at, x.Data)
	}}
}

// table names all pictures, in the order of their features.
func (p *labelledPair) table() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"set", "file", "class"}}
	for _, s := range []struct {
		name string
		*labelledSet
	}{{"train", &p.train}, {"test", &p.test}} {
		for i, n := range s.numbers {
			lines = append(lines, []string{s.name, s.set.Name(n), p.classes[s.labels[i]]})
		}
	}
	err := w.WriteAll(lines)
	return b.Bytes(), err
}
