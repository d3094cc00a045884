package pth

import (
	"math/bits"
	"strings"

	"dcganviz/internal/refuse"
)

// builder makes the storages and the tree of one file.
type builder struct {
	src      *source
	spent    int // of MaxObjects
	storages map[string]*Storage
	order    []*Storage
}

// storage returns the storage of a persistent id: ('storage', class, key,
// device, length) and, in the legacy format, a view or None. One key always
// has the same class and length.
func (b *builder) storage(id Value, size int) (s *Storage, isNew bool, err error) {
	const want = "a storage's class, key, device and length"
	tuple, ok := id.(*Tuple)
	if !ok || len(tuple.Items) != size {
		return nil, false, refuse.Corrupt("%s as a persistent id, want a tuple of %d", id.kind(), size)
	}
	items := tuple.Items
	if items[0] != Value(String("storage")) {
		return nil, false, wrongArgs(items, want)
	}
	class, ok1 := items[1].(*storageClass)
	key, ok2 := items[2].(String)
	device, ok3 := items[3].(String)
	length, ok4 := items[4].(Int)
	if !ok1 || !ok2 || !ok3 || !ok4 || length < 0 || Int(int(length)) != length {
		return nil, false, wrongArgs(items, want)
	}
	if class.dtype == "" {
		return nil, false, refuse.Unsupported("a storage of class %s, which does not say what its elements are", class.name)
	}
	if hi, lo := bits.Mul64(uint64(length), uint64(class.dtype.Size())); hi != 0 || lo > uint64(b.src.size) {
		return nil, false, refuse.Corrupt("storage %s of %d elements of %s, the file has %d bytes", refuse.Quote(string(key)), length, class.dtype, b.src.size)
	}
	if s, ok := b.storages[string(key)]; ok {
		if s.DType != class.dtype || s.Len != int(length) {
			return nil, false, refuse.Corrupt("storage %s has %d elements of %s, and elsewhere %d of %s", refuse.Quote(s.Key), s.Len, s.DType, length, class.dtype)
		}
		return s, false, nil
	}
	s = &Storage{Key: string(key), DType: class.dtype, Len: int(length), Device: string(device)}
	b.storages[s.Key] = s
	b.order = append(b.order, s)
	return s, true, nil
}

// finish checks the tree under root and what the tensors claim.
func (b *builder) finish(f *File, u *machine, root Value) error {
	if _, err := u.finish(root, "", 0); err != nil {
		return err
	}
	if err := b.bounded(u.tensors); err != nil {
		return err
	}
	f.Root, f.Tensors = root, u.tensors
	return nil
}

// bounded refuses tensors that would take more memory than the file and spare
// if Float32s were asked for all of them; halves may take twice their bytes.
func (b *builder) bounded(tensors []*Tensor) error {
	limit := uint64(b.src.size) + spare
	for _, s := range b.order {
		if s.DType.float() && s.DType.Size() < 4 {
			limit += uint64(s.Len) * uint64(s.DType.Size())
		}
	}
	var claimed uint64 // cannot overflow: elements bounds each, MaxObjects their number
	for _, t := range tensors {
		size := t.DType.Size()
		if t.DType.float() {
			size = max(size, 4)
		}
		claimed += uint64(t.Len()) * uint64(size)
		if claimed > limit {
			return refuse.TooLarge("tensors that show a storage many times, of more than %d bytes in a file of %d: "+
				"in Python, save one state dict alone", limit, b.src.size)
		}
	}
	return nil
}

// zip reads an archive.
func (b *builder) zip(f *File) error {
	a, err := openArchive(b.src)
	if err != nil {
		return err
	}
	dir, err := a.root()
	if err != nil {
		return err
	}
	big, err := a.bigEndian(dir)
	if err != nil {
		return err
	}
	place := dir + pickleName
	pickle := a.find(place)
	if pickle.size > MaxPickle {
		return refuse.TooLarge("%s of %d bytes, want at most %d", refuse.Quote(place), pickle.size, MaxPickle)
	}
	text, err := a.data(pickle)
	if err != nil {
		return err
	}
	u := &machine{b: text, place: refuse.Quote(place), spent: &b.spent}
	u.load = func(id Value) (Value, error) {
		s, isNew, err := b.storage(id, 5)
		if err != nil || !isNew {
			return s, err
		}
		x := a.find(dir + "data/" + s.Key)
		if x == nil {
			return nil, refuse.Corrupt("no zip entry %s", refuse.Quote(dir+"data/"+s.Key))
		}
		if want := int64(s.Len) * int64(s.DType.Size()); x.size != want {
			return nil, refuse.Corrupt("zip entry %s of %d bytes, want %d for %d elements of %s", refuse.Quote(x.name), x.size, want, s.Len, s.DType)
		}
		s.big = big
		if b.src.mem != nil {
			s.data, err = b.src.part(x.at, x.size)
		}
		return s, err
	}
	root, err := u.run()
	if err != nil {
		return err
	}
	if u.at != len(text) {
		return refuse.Corrupt("%s has %d bytes after its pickle", refuse.Quote(place), len(text)-u.at)
	}
	if err := b.finish(f, u, root); err != nil {
		return err
	}
	if b.src.mem == nil {
		return nil
	}
	for i := range a.entries {
		if _, err := a.data(&a.entries[i]); err != nil {
			return err
		}
	}
	return nil
}

const pickleName = "data.pkl"

// root returns the directory with the pickle, which ends with a slash.
func (a *archive) root() (string, error) {
	var dirs []string
	for _, x := range a.entries {
		if dir, ok := strings.CutSuffix(x.name, "/"+pickleName); ok {
			dirs = append(dirs, dir+"/")
		}
	}
	switch {
	case len(dirs) == 0:
		return "", refuse.Unsupported("zip archive without DIRECTORY/%s: no checkpoint of torch.save", pickleName)
	case len(dirs) > 1:
		return "", refuse.Unsupported("zip archive with %d checkpoints, such as %s and %s", len(dirs), refuse.Quote(dirs[0]), refuse.Quote(dirs[1]))
	}
	return dirs[0], nil
}

// bigEndian reads the byte order of the storages. Files without one are from
// before torch wrote it, and little-endian as nearly all machines are.
func (a *archive) bigEndian(dir string) (bool, error) {
	x := a.find(dir + "byteorder")
	if x == nil {
		return false, nil
	}
	if x.size > 16 {
		return false, refuse.Corrupt("%s of %d bytes, want little or big", refuse.Quote(x.name), x.size)
	}
	b, err := a.data(x)
	if err != nil {
		return false, err
	}
	switch string(b) {
	case "little":
		return false, nil
	case "big":
		return true, nil
	}
	return false, refuse.Corrupt("byte order %s, want little or big", refuse.Quote(string(b)))
}
