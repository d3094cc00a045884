package train

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"dcganviz/model"
)

// Augment is a set of random changes that D's inputs go through, the real
// pictures and the drawn ones alike. The zero value changes nothing.
//
// Because they are differentiable, G learns through them, and because D never
// sees a picture without them, G does not learn to draw them.
//
// Method: Zhao et al. 2020 (arXiv:2006.10738), figure 4, with the
// ranges of their released code. Every number is drawn anew for each picture
// and each time D looks: real, drawn in D's turn, drawn in G's turn.
type Augment uint8

const (
	// Color adds U(-0.5, 0.5), or what Options.Brightness says, to the whole picture,
	// multiplies each pixel's distance from its own mean over the channels by U(0, 2),
	// then each value's distance from the picture's mean by U(0.5, 1.5).
	Color Augment = 1 << iota
	// Translation moves the picture by up to an eighth of its height and
	// width (rounded to the nearest pixel); what comes in is zero, mid-gray, or
	// Options.Border.
	Translation
	// Cutout gives a rectangle of half the height and width, whose centre
	// lies anywhere in the picture, the same value.
	Cutout
)

var augmentNames = [...]string{"color", "translation", "cutout"}

const allAugments = Color | Translation | Cutout

// String returns the names joined by commas, "none" for none.
func (a Augment) String() string {
	if a == 0 {
		return "none"
	}
	var names []string
	for i, name := range augmentNames {
		if a&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if rest := a &^ allAugments; rest != 0 {
		names = append(names, fmt.Sprintf("Augment(%#x)", uint8(rest)))
	}
	return strings.Join(names, ",")
}

// ParseAugment is the inverse of String. The empty text means none, too.
func ParseAugment(s string) (Augment, error) {
	var a Augment
	if s == "" || s == "none" {
		return a, nil
	}
	for word := range strings.SplitSeq(s, ",") {
		i := slices.Index(augmentNames[:], word)
		if i < 0 {
			return 0, fmt.Errorf("train: augmentation %q, want none or some of %s", word, strings.Join(augmentNames[:], ","))
		}
		a |= 1 << i
	}
	return a, nil
}

// MarshalText returns String.
func (a Augment) MarshalText() ([]byte, error) {
	if a&^allAugments != 0 {
		return nil, fmt.Errorf("train: augmentation %v", a)
	}
	return []byte(a.String()), nil
}

// UnmarshalText is ParseAugment.
func (a *Augment) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAugment(string(b))
	return err
}

// An augmenter applies an Augment to batches of one shape, [n, H, W, C].
type augmenter struct {
	kind   Augment
	dim    float32 // what brightness is multiplied by
	border float32 // where pictures are moved from, or cut out
	chance float64 // that each change is made, in [0, 1]
	shape  dims
	draws  []draw // one a picture: the change in force
	pool   *model.Pool
}

// newAugmenter returns one that makes each change with certainty.
func newAugmenter(kind Augment, n int, shape dims, pool *model.Pool) *augmenter {
	return &augmenter{kind: kind, dim: 1, chance: 1, shape: shape, draws: make([]draw, n), pool: pool}
}

// redraw draws the next changes from r. Which of them are left out is drawn last, so
// that the changes are the same at any chance.
func (a *augmenter) redraw(r *rand.Rand) {
	for i := range a.draws {
		a.draws[i].redraw(r, a.kind, a.shape)
		a.draws[i].bright *= a.dim
		a.draws[i].border = a.border
	}
	if a.chance < 1 {
		for i := range a.draws {
			a.draws[i].thin(r, a.chance)
		}
	}
}

// apply changes every picture of x by its draw. The result must not overlap x.
func (a *augmenter) apply(y, x []float32) { a.each(y, x, (*draw).apply) }

// transpose takes the gradient dy of apply's result back to apply's input. The
// result must not overlap dy.
func (a *augmenter) transpose(dx, dy []float32) { a.each(dx, dy, (*draw).transpose) }

func (a *augmenter) each(y, x []float32, f func(d *draw, y, x []float32, s dims)) {
	size := a.shape.floats()
	a.pool.Run(len(a.draws), func(i, _ int) { f(&a.draws[i], y[i*size:(i+1)*size], x[i*size:(i+1)*size], a.shape) })
}
