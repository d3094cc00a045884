package nearest

import "dcganviz/probe/stats"

// A Test says whether pictures are copies more often than held-out pictures look like
// copies by chance, and what it could have found.
type Test struct {
	// Found and Expected are how many pictures, and held-out pictures, are below both cuts.
	Found    int `json:"found"`
	Expected int `json:"heldout"`
	// P is the probability of as many or more by chance: Fisher's exact test, one-sided.
	P float64 `json:"p"`
	// Nearer is the share of the samples that are nearer to a training picture than to any
	// held-out one, where a sample counts by how much nearer its nearest picture is than
	// others (the square of 1 less its relative distance among all pictures). ByChance is the share of
	// training pictures among them, and PNearer the probability of as large a share if it
	// were chance which pictures were trained on. Dull images are near to everything and
	// have a small P; only what is nearer to what it was trained on copies.
	Nearer   float64 `json:"nearer"`
	ByChance float64 `json:"by_chance"`
	PNearer  float64 `json:"p_nearer"`
	// Needed is how many of the pictures have to be below both cuts for a P that is flagged.
	Needed int `json:"needed"`
	// Memoriser is the share of the copies of a memoriser of all that the model was
	// trained on which lie below both cuts: that of the copies of pictures that were
	// searched, and of others, by their numbers.
	Memoriser float64 `json:"memoriser"`
	// Power is the probability that P flags such a memoriser. PNearer has less power where
	// few of the pictures are searched.
	Power float64 `json:"power"`
	// Least is the share of copies among samples that P would flag in four of five
	// cases; above 1: no share would.
	Least float64 `json:"least"`
}

func (t Test) flagged() bool { return max(t.P, t.PNearer) <= level }

const (
	// level is the chance to flag a generator that does not copy, in each space.
	level = 0.025
	// sure is how often the share Least is flagged.
	sure = 0.8
)

// test compares counts. searched is which share of the pictures that the model was
// trained on was searched, seen and unseen how often copies of those and of others are
// below both cuts.
func test(found, n, expected, m int, searched, seen, unseen float64) Test {
	t := Test{Found: found, Expected: expected, P: stats.MoreThan(found, n, expected, m)}
	for t.Needed = 1; t.Needed <= n && stats.MoreThan(t.Needed, n, expected, m) > level; {
		t.Needed++
	}
	t.Memoriser = searched*seen + (1-searched)*unseen
	t.Power = stats.AtLeast(t.Needed, n, t.Memoriser)
	chance := float64(expected) / float64(m)
	const steps = 1000
	t.Least = 1.001 // of nobody
	for i := steps; i > 0; i-- {
		share := float64(i) / steps
		if stats.AtLeast(t.Needed, n, share*t.Memoriser+(1-share)*chance) < sure {
			break
		}
		t.Least = share
	}
	return t
}
