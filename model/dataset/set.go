package dataset

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Set is an open set of pictures. Its methods may be called from several
// goroutines.
type Set struct {
	path     string
	opts     Options
	contents *contents
	print    string
	held     *Set // nil without

	// cache holds the decoded pictures one after the other, nil if the set is
	// larger than Options.MemoryLimit. state tells which are there, and which
	// are bad whether or not there is a cache; it is written under the stripe
	// of its picture, once.
	cache []byte
	state []atomic.Uint32
	// sums are digests of the bytes that were last read for each picture, 0 for those that
	// were not read; nil if the fingerprint holds the bytes.
	sums   []atomic.Uint64
	stripe [64]sync.Mutex

	badMu sync.Mutex
	bad   []BadItem

	large   sync.Mutex // held while a picture of many pixels is decoded
	scratch sync.Pool  // of *scratch

	closing sync.RWMutex // held for reading by whoever reads the source
	closed  bool
}

// BadItem is a picture that cannot be used.
type BadItem struct {
	Index int    // in the set
	Name  string // as Set.Name gives it
	Err   error  // wraps ErrCorrupt, ErrUnsupported or ErrLimit
}

// newSet applies the list to c and finds the first good picture.
func newSet(path string, c *contents, o Options) (*Set, error) {
	if o.List != "" {
		picked, err := pick(c.entries, o.List)
		if err != nil {
			return nil, fmt.Errorf("dataset: %q: list %q: %w", path, o.List, err)
		}
		c.entries = picked
	}
	s := &Set{path: path, opts: o, contents: c}
	if o.Holdout > 0 {
		if err := s.holdOut(); err != nil {
			return nil, fmt.Errorf("dataset: %q: %w", path, err)
		}
	}
	s.print = fingerprint(c)
	s.state = make([]atomic.Uint32, len(c.entries))
	if c.digest == nil {
		s.sums = make([]atomic.Uint64, len(c.entries))
	}
	if n := int64(len(c.entries)); s.pictureBytes() <= o.MemoryLimit/n {
		s.cache = make([]byte, n*s.pictureBytes())
	}
	s.scratch.New = func() any { return new(scratch) }
	if err := s.findGood(); err != nil {
		return nil, err
	}
	return s, nil
}

// findGood decodes pictures until one is good, so that a set has one.
func (s *Set) findGood() error {
	w := s.scratch.Get().(*scratch)
	defer s.scratch.Put(w)
	for i := range s.Len() {
		_, err := s.picture(i, w)
		if err == nil {
			return nil
		}
		if isSystem(err) || s.opts.Strict {
			return s.wrap(i, err)
		}
	}
	first := s.bad[0]
	return fmt.Errorf("dataset: %q: none of its %d pictures can be decoded: %q: %w", s.path, s.Len(), first.Name, first.Err)
}

func (s *Set) wrap(i int, err error) error {
	return fmt.Errorf("dataset: %q: %q: %w", s.path, s.Name(i), err)
}

// pictureBytes is the size of one decoded picture.
func (s *Set) pictureBytes() int64 {
	return int64(s.opts.Size) * int64(s.opts.Width) * int64(s.opts.Channels)
}

// size is the size of every picture.
func (s *Set) size() pixels { return pixels{s.opts.Width, s.opts.Size} }

// Len returns the number of pictures, bad ones included.
func (s *Set) Len() int { return len(s.contents.entries) }

// Dims returns the height, width and number of channels of every picture.
func (s *Set) Dims() (h, w, c int) { return s.opts.Size, s.opts.Width, s.opts.Channels }

// Classes returns the names of the classes: for folders and archives the
// folders that directly hold pictures, by their path below the deepest folder
// common to all, sorted; for CIFAR-10 its ten, for CIFAR-100 its hundred fine ones; for IDX "0", "1" and so on up
// to the largest label. It is empty for a set without classes. A list does not
// change the classes or their order.
func (s *Set) Classes() []string { return slices.Clone(s.contents.classes) }

// Label returns the class of picture i as an index into Classes, -1 if it has
// none. It panics if i is outside [0, Len).
func (s *Set) Label(i int) int { return int(s.contents.entries[i].class) }

// Name returns the name of picture i: its path below the folder or inside the
// archive, with slashes, or FILE/NUMBER for IDX and CIFAR-10. It is text from
// the set and may hold anything: quote it before showing it. It panics if i is
// outside [0, Len).
func (s *Set) Name(i int) string { return s.contents.entries[i].name }

// Bad returns the bad pictures met so far, by index. After Check, or once
// every picture was loaded, these are all.
func (s *Set) Bad() []BadItem {
	s.badMu.Lock()
	defer s.badMu.Unlock()
	bad := slices.Clone(s.bad)
	slices.SortFunc(bad, func(a, b BadItem) int { return a.Index - b.Index })
	return bad
}

// Notes returns what a user should know of how the set was read, a sentence each without a
// full stop: how many files that are no pictures were passed over, and whether an archive
// may be cut short.
func (s *Set) Notes() []string { return s.contents.notes }

// Cached reports whether decoded pictures are kept in memory.
func (s *Set) Cached() bool { return s.cache != nil }

// Fingerprint identifies the set: the SHA-256, in hex, over the names of its
// classes and over the name, byte size and class of each picture in order,
// after the list was applied and pictures were held out. For IDX and CIFAR-10, whose pictures are all of
// one size, the files' bytes are part of it too. It depends neither on the
// options (other than the list) nor on where the set lies, and a folder has
// the fingerprint of a zip of it.
func (s *Set) Fingerprint() string { return s.print }

// Sum returns a digest of the bytes that Load gives for picture i, 0 if it has not read
// them, or if Fingerprint holds the bytes of the whole set. With a bad picture it is one
// of all pictures up to the good one that takes its place. It is the same wherever the
// set lies, and today or tomorrow; a picture that was changed has another one, also if
// its size is as before. It panics if i is outside [0, Len).
func (s *Set) Sum(i int) uint64 {
	if s.sums == nil {
		return 0
	}
	sum := s.sums[i].Load()
	for j := i; s.state[j].Load() == isBad; {
		if j = (j + 1) % s.Len(); j == i {
			break
		}
		sum = 31*sum + s.sums[j].Load()
	}
	return sum
}

// Close waits for the calls that read the set, then closes its files and
// removes what was unpacked. The set cannot be loaded from afterwards; closing
// it again does nothing.
func (s *Set) Close() error {
	if s.held != nil {
		s.held.Close()
	}
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.cache = nil
	if err := s.contents.src.Close(); err != nil {
		return fmt.Errorf("dataset: %q: %w", s.path, err)
	}
	return nil
}
