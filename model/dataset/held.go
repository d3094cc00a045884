package dataset

import "dcganviz/internal/random"

// holdOut takes n entries out: one of each of as many equal parts of the set, at random.
// Those with the name of one that is taken out, as a list may repeat it, go with it.
func holdOut(entries []entry, n int, seed uint64) (rest, held []entry, err error) {
	if n > len(entries)/2 {
		return nil, nil, fail(ErrLimit, "%d pictures to hold out of %d, want at most half of them", n, len(entries))
	}
	rng := random.New(seed, random.DatasetHoldout)
	out := make(map[string]bool, n)
	for k := range n {
		from, to := k*len(entries)/n, (k+1)*len(entries)/n
		e := entries[from+rng.IntN(to-from)]
		if !out[e.name] {
			held = append(held, e)
		}
		out[e.name] = true
	}
	for _, e := range entries {
		if !out[e.name] {
			rest = append(rest, e)
		}
	}
	if len(rest) == 0 {
		return nil, nil, fail(ErrLimit, "no picture is left beside the %d held out: the list repeats too few", n)
	}
	return rest, held, nil
}

// A borrowed source is closed by another set.
type borrowed struct{ source }

func (borrowed) Close() error { return nil }

// holdOut splits the set's contents by its options.
func (s *Set) holdOut() error {
	c := *s.contents
	rest, held, err := holdOut(c.entries, s.opts.Holdout, s.opts.HoldoutSeed)
	if err != nil {
		return err
	}
	s.contents.entries = rest
	c.entries, c.src, c.notes = held, borrowed{c.src}, nil
	o := s.opts
	o.List, o.Holdout, o.MemoryLimit = "", 0, -1
	s.held, err = newSet(s.path, &c, o)
	return err
}

// Held returns the pictures that Options.Holdout keeps out of the set, nil without. It is
// closed with the set.
func (s *Set) Held() *Set { return s.held }
