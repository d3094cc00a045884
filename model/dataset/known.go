package dataset

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// A known is a data set that the names of its files tell.
type known struct {
	name string // of its folder or its file
	open func(o Options) (*contents, error)
}

// openKnown opens the data set that members are; nil if they are none. Several are refused
// by name. closers are what the members lie in, which the contents close.
func openKnown(members []*member, closers []io.Closer, o Options) (*contents, error) {
	found := knownSets(members)
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		c, err := found[0].open(o)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", found[0].name, err)
		}
		c.src.(*sections).closer = append(c.src.(*sections).closer, closers...)
		return c, nil
	}
	var names []string
	for _, k := range found[:min(len(found), maxNamesShown)] {
		names = append(names, fmt.Sprintf("%.80q", k.name))
	}
	if len(found) > len(names) {
		names = append(names, "...")
	}
	return nil, fail(ErrUnsupported, "%d data sets in it, name the one: %s", len(found), strings.Join(names, ", "))
}

// knownSets returns the data sets that members are, by folder.
func knownSets(members []*member) []known {
	folders := map[string]map[string]*member{}
	for _, m := range members {
		dir := m.dir()
		if folders[dir] == nil {
			folders[dir] = map[string]*member{}
		}
		folders[dir][m.base()] = m
	}
	var all []known
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		files := folders[dir]
		if k, ok := knownCIFAR(dir, files); ok {
			all = append(all, k)
		}
		all = append(all, knownIDX(files)...)
	}
	return all
}

// knownCIFAR returns the CIFAR-10 or CIFAR-100 of one folder: the binary version, or that
// of Python.
func knownCIFAR(dir string, files map[string]*member) (known, bool) {
	matching := func(is func(base string) bool) (all []*member) {
		for _, base := range slices.Sorted(maps.Keys(files)) {
			if is(base) {
				all = append(all, files[base])
			}
		}
		return all
	}
	if batches := matching(isBatch); len(batches) > 0 {
		return known{dir, func(o Options) (*contents, error) { return openBinaries(batches, cifar10, o) }}, true
	}
	if batches := matching(isPickledBatch); len(batches) > 0 {
		return known{dir, func(o Options) (*contents, error) { return openPickles(batches, files[metaCIFAR10], o) }}, true
	}
	if m := files[trainCIFAR100+".bin"]; m != nil && isCIFAR100Size(m.size) {
		return known{m.name, func(o Options) (*contents, error) {
			kind, err := cifar100(files[namesCIFAR100], o)
			if err != nil {
				return nil, err
			}
			return openBinaries([]*member{m}, kind, o)
		}}, true
	}
	if m, meta := files[trainCIFAR100], files[metaCIFAR100]; m != nil && meta != nil {
		return known{m.name, func(o Options) (*contents, error) { return openPickles([]*member{m}, meta, o) }}, true
	}
	return known{}, false
}

// knownIDX returns the IDX sets of one folder: of each the pictures to train on, or others
// if there are no such.
func knownIDX(files map[string]*member) []known {
	images := map[string]*member{} // by what stands before train-images and the like
	for _, base := range slices.Sorted(maps.Keys(files)) {
		stem, ok := idxStem(base)
		if !ok || strings.HasSuffix(base, ".gz") && files[strings.TrimSuffix(base, ".gz")] != nil {
			continue
		}
		if old := images[stem]; old == nil || strings.Contains(base, "train") && !strings.Contains(old.base(), "train") {
			images[stem] = files[base]
		}
	}
	var all []known
	for _, stem := range slices.Sorted(maps.Keys(images)) {
		m := images[stem]
		all = append(all, known{m.name, func(o Options) (*contents, error) { return openIDXMember(m, files, o) }})
	}
	return all
}

// idxStem returns what of an images file's name stands before train-images, t10k-images or
// test-images: emnist-letters-.
func idxStem(base string) (string, bool) {
	i := strings.Index(base, "images")
	if i < 0 || !isIDXName(base) {
		return "", false
	}
	stem := base[:i]
	for _, part := range []string{"train-", "t10k-", "test-"} {
		stem = strings.TrimSuffix(stem, part)
	}
	return stem, true
}

// isIDXName reports a name as MNIST's and its kin's files have: train-images-idx3-ubyte.
func isIDXName(base string) bool {
	base = strings.TrimSuffix(base, ".gz")
	return strings.HasSuffix(base, "idx3-ubyte") || strings.HasSuffix(base, "idx1-ubyte")
}

// isEMNIST reports an images file of EMNIST, whose pictures lie on their sides: rows and
// columns are exchanged.
//
// Source: Cohen et al. 2017 (arXiv:1702.05373), whose files are of MATLAB's order; torchvision's
// EMNIST says the same.
func isEMNIST(name string) bool {
	return strings.HasPrefix(strings.ToLower(path.Base(name)), "emnist-")
}

func openIDXMember(m *member, files map[string]*member, o Options) (c *contents, err error) {
	var labels []byte
	for _, name := range idxLabelNames(m.base()) {
		l := files[name]
		if l == nil {
			continue
		}
		b, err := l.bytes(o, idxLabelsStart+maxEntries)
		if err == nil {
			labels, err = parseIDXLabels(b)
		}
		if err != nil {
			return nil, fmt.Errorf("labels %q: %w", l.name, err)
		}
		break
	}
	r, size, closer, err := m.open(o)
	if err != nil {
		return nil, err
	}
	src := &sections{}
	if closer != nil {
		src.closer = []io.Closer{closer}
	}
	if c, err = openIDX(strings.TrimSuffix(m.base(), ".gz"), r, size, labels, src, o); err != nil {
		src.Close()
	}
	return c, err
}
