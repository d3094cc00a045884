package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dcganviz/model"
)

// usualSizes are the images' sizes that one expects.
var usualSizes = []int{16, 28, 32, 48, 64, 96, 128, 256}

// reshape finds the channels and the square of pixels of a linear layer's
// result.
func (c *LayerChain) reshape(i int, s *model.LayerSpec) error {
	switch last := i == len(c.layers)-1; {
	case last && !c.Image:
		s.Channels = c.Channels
	case !last && c.layers[i+1].kind != model.Linear:
		s.Channels = c.layers[i+1].in
	default:
		return nil
	}
	s.Height, s.Width = c.sides(c.layers[i].out, s.Channels)
	switch {
	case s.Height > 0:
		return nil
	case c.height == c.width && c.layers[i].out%s.Channels == 0:
		return Undecided([]string{c.Net() + ".Size"}, "%.80q makes %d pixels of %d channels, which are no square: say the size of the images", c.layers[i].name, c.layers[i].out/s.Channels, s.Channels)
	}
	return fmt.Errorf("%.80q makes %d numbers, want pixels of %d channels in the ratio of %d to %d", c.layers[i].name, c.layers[i].out, s.Channels, c.height, c.width)
}

// A frame is the height and width of images.
type frame struct{ h, w int }

// frameOf is an image's size; a width of 0 is as wide as high.
func frameOf(size, width int) frame { return frame{size, cmp.Or(width, size)} }

func (f frame) String() string { return fmt.Sprintf("%dx%d", f.h, f.w) }

// sizeOf returns the size of the images that the layers draw or score. For D it is
// said, or the other net's size if that fits, or a usual size that does, the family's
// before others. Each is zero if unknown.
func (c *LayerChain) sizeOf(specs []model.LayerSpec, said, other, family frame) (frame, error) {
	stack, err := model.NewStack(specs...)
	if err != nil {
		return frame{}, err
	}
	none := frame{}
	if !c.Image {
		h, w, _, err := stack.Output(1, 1, c.layers[0].in)
		if err != nil {
			return frame{}, err
		}
		if f := (frame{h, w}); said == none || said == f {
			return f, nil
		}
		return frame{}, Ambiguous("it draws images of %dx%d, not of %v", h, w, said)
	}
	var sizes []frame
	for _, s := range usualSizes {
		sizes = append(sizes, frame{s, s})
	}
	if said != none {
		sizes = []frame{said}
	} else if other != none && c.scores(stack, other) == nil {
		return other, nil
	}
	var fits []frame
	for _, size := range sizes {
		if e := c.scores(stack, size); e == nil {
			fits = append(fits, size)
		} else {
			err = e
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0], nil
	case said == none && family != none && (len(fits) == 0 && c.scores(stack, family) == nil || slices.Contains(fits, family)):
		return family, nil
	case len(fits) > 1:
		var words []string
		for _, f := range fits {
			words = append(words, strconv.Itoa(f.h))
		}
		return frame{}, Undecided([]string{"D.Size"}, "it may score images of a size of %s: say which", strings.Join(words, ", "))
	}
	return frame{}, fmt.Errorf("images of %v pixels a side do not fit it: %w", sizes, err)
}

// scores reports layers that do not make one logit of an image of that size.
func (c *LayerChain) scores(stack model.Stack, size frame) error {
	h, w, n, err := stack.Output(size.h, size.w, c.Channels)
	if err == nil && h*w*n != 1 {
		err = fmt.Errorf("it ends in %dx%dx%d, want one logit", h, w, n)
	}
	return err
}

// normsInPlace reports a batch norm that is not right behind its convolution in an
// nn.Sequential: what is between them, an activation or a pooling, a state dict
// does not say.
func (c *LayerChain) normsInPlace() error {
	for i := range c.layers {
		l := &c.layers[i]
		if l.norm == nil || l.kind == model.Linear { // a linear layer has its reshape there
			continue
		}
		a, b := trailingNumber(l.name), trailingNumber(l.norm.name)
		if a == "" || b == "" || strings.TrimSuffix(l.name, a) != strings.TrimSuffix(l.norm.name, b) {
			continue
		}
		n, err1 := strconv.Atoi(a)
		m, err2 := strconv.Atoi(b)
		if err1 == nil && err2 == nil && m > n+1 {
			return Undecided([]string{c.Net() + ".NormOrder"}, "between %.80q and its batch norm %.80q there is something that the file does not name: say whether it is the activation", l.name, l.norm.name)
		}
	}
	return nil
}
