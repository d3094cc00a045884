package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// The states of a picture.
const (
	unread = iota
	cached
	isBad
)

const (
	// maxDecode bounds the memory of one picture, with its file, while it is decoded.
	maxDecode = 512 << 20
	// largeDecode is the memory above which pictures are decoded one at a time. What is
	// left of other pictures, of the decoder and of the picture is given back at once.
	largeDecode = 64 << 20
)

// errBad stands for a bad picture that was met before; Bad has the reason.
var errBad = errors.New("bad picture")

// Load decodes pictures into dst, which becomes [len(indices), Size, Width,
// Channels] in [-1, 1] and must have that length. Indices may repeat.
//
// A bad picture is replaced by the next good one; the first picture follows the
// last. So the result depends only on the set and the indices. With Options.Strict
// the first bad picture in indices is an error. A file that the operating system
// cannot read is always an error, because it says nothing about the picture. After
// an error dst is unspecified.
func (s *Set) Load(ctx context.Context, indices []int, dst []float32) error {
	size := int(s.pictureBytes())
	if len(dst) != len(indices)*size {
		return fmt.Errorf("dataset: dst of %d values, want %d for %d pictures of %dx%dx%d",
			len(dst), len(indices)*size, len(indices), s.opts.Size, s.opts.Width, s.opts.Channels)
	}
	for k, i := range indices {
		if i < 0 || i >= s.Len() {
			return fmt.Errorf("dataset: index %d at place %d, want 0 to %d", i, k, s.Len()-1)
		}
	}
	return s.each(ctx, len(indices), func(k int, w *scratch) error {
		px, err := s.good(indices[k], w)
		if err == nil {
			Float(dst[k*size:(k+1)*size], px)
		}
		return err
	})
}

// checkChunk is the number of pictures between two calls of Check's progress.
const checkChunk = 256

// Check decodes every picture once. Afterwards Bad is complete, and the pictures are
// in memory if MemoryLimit allows it. If progress is not nil, Check calls it from its
// own goroutine with the number of pictures done. With Options.Strict the first bad
// picture is an error.
func (s *Set) Check(ctx context.Context, progress func(done int)) error {
	for first := 0; first < s.Len(); first += checkChunk {
		n := min(checkChunk, s.Len()-first)
		err := s.each(ctx, n, func(k int, w *scratch) error {
			_, err := s.picture(first+k, w)
			if err != nil && (isSystem(err) || s.opts.Strict) {
				return s.wrap(first+k, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if progress != nil {
			progress(first + n)
		}
	}
	return nil
}

// each calls f for 0 to n-1 on the set's workers and returns the error of the
// lowest number that has one.
func (s *Set) each(ctx context.Context, n int, f func(k int, w *scratch) error) error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return ErrClosed
	}
	j := job{ctx: ctx, set: s, n: int64(n), f: f, failed: n}
	for range min(s.opts.Workers, n) - 1 {
		j.wait.Go(j.work)
	}
	j.work()
	j.wait.Wait()
	return j.err
}

// job is one run of each.
type job struct {
	ctx  context.Context
	set  *Set
	n    int64
	f    func(k int, w *scratch) error
	next atomic.Int64
	wait sync.WaitGroup

	mu     sync.Mutex
	failed int // lowest number with an error
	err    error
}

// work takes numbers in order until they run out or one fails: by then every
// lower number was taken too, so the lowest error is found.
func (j *job) work() {
	w := j.set.scratch.Get().(*scratch)
	defer j.set.scratch.Put(w)
	for {
		k := j.next.Add(1) - 1
		if k >= j.n {
			return
		}
		err := j.ctx.Err()
		if err == nil {
			err = j.f(int(k), w)
		}
		if err != nil {
			j.next.Store(j.n)
			j.mu.Lock()
			if int(k) < j.failed {
				j.failed, j.err = int(k), err
			}
			j.mu.Unlock()
		}
	}
}

// good returns the pixels of picture i or of the next good one.
func (s *Set) good(i int, w *scratch) ([]byte, error) {
	for range s.Len() {
		px, err := s.picture(i, w)
		if err == nil {
			return px, nil
		}
		if isSystem(err) || s.opts.Strict {
			return nil, s.wrap(i, err)
		}
		i = (i + 1) % s.Len()
	}
	// Open found a good picture, so the files were changed since.
	return nil, fail(ErrCorrupt, "dataset: %q: no picture can be decoded any more", s.path)
}

// picture returns the pixels of picture i, which are the cache's or lie in w
// until w's next use. An error is either the system's or the picture's own,
// and then the picture is bad for good.
func (s *Set) picture(i int, w *scratch) ([]byte, error) {
	size := s.pictureBytes()
	switch s.state[i].Load() {
	case cached:
		return s.cached(i), nil
	case isBad:
		return nil, s.badError(i)
	}
	if s.cache == nil {
		w.pix = grow(w.pix, size)
		return w.pix, s.note(i, s.decode(w.pix, i, w))
	}
	mu := &s.stripe[i%len(s.stripe)]
	mu.Lock()
	defer mu.Unlock()
	if s.state[i].Load() == unread {
		err := s.note(i, s.decode(s.cached(i), i, w))
		if err == nil {
			s.state[i].Store(cached)
		}
		return s.cached(i), err
	}
	if s.state[i].Load() == isBad {
		return nil, s.badError(i)
	}
	return s.cached(i), nil
}

func (s *Set) cached(i int) []byte {
	size := int(s.pictureBytes())
	return s.cache[i*size : (i+1)*size : (i+1)*size]
}

// note enters a picture whose bytes are at fault among the bad ones.
func (s *Set) note(i int, err error) error {
	if err == nil || isSystem(err) {
		return err
	}
	s.badMu.Lock()
	defer s.badMu.Unlock()
	if s.state[i].Swap(isBad) != isBad {
		s.bad = append(s.bad, BadItem{Index: i, Name: s.Name(i), Err: err})
	}
	return err
}

func (s *Set) badError(i int) error {
	if !s.opts.Strict {
		return errBad
	}
	s.badMu.Lock()
	defer s.badMu.Unlock()
	for _, b := range s.bad {
		if b.Index == i {
			return b.Err
		}
	}
	return errBad
}

// decode reads picture i and fits it to dst.
func (s *Set) decode(dst []byte, i int, w *scratch) error {
	if err := s.read(i, w); err != nil {
		return err
	}
	err := s.decodeBytes(dst, w.file, w)
	if cap(w.file) > keepFile {
		w.file = nil
	}
	return err
}

// read reads the file of picture i into w.
func (s *Set) read(i int, w *scratch) (err error) {
	e := &s.contents.entries[i]
	if err = e.bad; err == nil {
		w.file, err = s.contents.src.read(e, w.file)
	}
	if s.sums == nil || isSystem(err) || s.state[i].Load() == cached {
		return err
	}
	const unreadable = 1
	sum := uint64(unreadable)
	if err == nil {
		digest := sha256.Sum256(w.file)
		sum = max(binary.LittleEndian.Uint64(digest[:]), unreadable+1)
	}
	s.sums[i].Store(sum)
	return err
}

func (s *Set) decodeBytes(dst, b []byte, w *scratch) error {
	large := false
	err := s.open(b, func(p picture) error {
		takes := int64(len(b)) + max(p.taken, p.kept+fitBytes(p, s.size()))
		if takes > maxDecode {
			return fail(ErrLimit, "%dx%d pixels take %d MB while they are decoded, limit %d MB", p.w, p.h, takes>>20, maxDecode>>20)
		}
		if takes > largeDecode {
			large = true
			s.large.Lock()
			defer s.large.Unlock()
			debug.FreeOSMemory()
		}
		m, err := p.pixels()
		if large {
			debug.FreeOSMemory()
		}
		if err == nil {
			fit(dst, p, m, s.size(), s.opts.Channels, w)
		}
		return err
	})
	if large {
		debug.FreeOSMemory()
	}
	return err
}

// open hands f the picture in b, whose size is known then. The decoders are not
// ours, and a picture must not end the program.
func (s *Set) open(b []byte, f func(p picture) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fail(ErrCorrupt, "decoder failed: %v", r)
		}
	}()
	p, err := s.contents.decode(b)
	if err != nil {
		return err
	}
	return f(p)
}
