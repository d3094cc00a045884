package infer

import (
	"cmp"
	"slices"

	"dcganviz/model"
)

// join takes the last numbers of what a layer takes for those of a class. It reports
// false where there are none.
func (l *layerWithNorm) join(numbers int) bool {
	if numbers == 0 || l.in <= numbers {
		return false
	}
	l.in, l.joined = l.in-numbers, numbers
	return true
}

// mostJoined is more numbers of a class than anyone joins to feature maps.
const mostJoined = 1000

// toldClasses returns the chain of a net whose layers take some numbers more than those
// before them make: a class's, as the paper's authors join them to all layers of G and D.
// It takes the number with which most layers are told the class. It is nil if there is no
// such chain.
func (d *Dict) toldClasses(image bool) (best *LayerChain) {
	orders, _ := d.orders()
	most := 0
	for _, modules := range orders {
		for _, n := range joinedNumbers(modules, image) {
			c, err := newChain(modules, image, false, n)
			if err != nil {
				continue
			}
			told := 0
			for i := range c.layers {
				if c.layers[i].joined > 0 {
					told++
				}
			}
			c.guessed = image && told == 1 && c.layers[0].joined > 0
			if told > most {
				best, most = c, told
			}
		}
	}
	return best
}

// joinedNumbers returns how many numbers may be joined to layers, by the channels of
// neighbours, and by those of the images that D's first layer takes.
func joinedNumbers(modules []*moduleTensors, image bool) (all []int) {
	layers, _, _ := splitNorms(modules)
	add := func(n int) {
		if n >= 2 && n <= mostJoined && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	if len(layers) < 2 || len(layers) > model.MaxLayers {
		return nil
	}
	for i := range layers {
		in := layers[i].weight.Shape[:2]
		switch {
		case i == 0 && image:
			add(in[1] - 3)
			add(in[1] - 1)
		case i > 0:
			before := layers[i-1].weight.Shape[:2]
			for _, n := range in {
				for _, m := range before {
					add(n - m)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b int) int { return cmp.Compare(b, a) })
	return all[:min(len(all), maxJoined)]
}

// maxJoined bounds the search of toldClasses.
const maxJoined = 16

// asClasses says of a D that is told a class by its first layer alone how many of its
// channels are the images', by what is known of the classes or of the other net.
func (c *LayerChain) asClasses(o *Ask) error {
	if !c.guessed {
		return nil
	}
	l := &c.layers[0]
	all := l.in + l.joined
	channels, classes := o.Channels, cmp.Or(o.Classes, all-o.Channels)
	if o.Classes != 0 {
		channels = all - o.Classes
	}
	if channels != 1 && channels != 3 || all-channels != classes {
		return Undecided([]string{"Classes"}, "%.80q takes %d channels: images of 3 channels and %d classes, or of 1 channel and %d, or something else: say how many classes there are", l.name, all, all-3, all-1)
	}
	l.in, l.joined = channels, classes
	c.Channels, c.joined = channels, classes
	return nil
}

// conditionOfD is how a D is told its class.
func (c *LayerChain) conditionOfD(o *Ask) (model.Condition, error) {
	one := model.Condition{Classes: c.joined, Numbers: c.joined}
	if c.rows != nil {
		one = model.Condition{Classes: c.rows.Shape[0], Numbers: c.rows.Shape[1], Module: c.rowsModule}
	}
	if c.joined > 0 && o.Classes != 0 && o.Classes != one.Classes {
		return one, Ambiguous("%d classes, but D is told one of %d", o.Classes, one.Classes)
	}
	return one, nil
}

// rowsOf returns the rows of n inputs of each class in turn, one after the other.
func (c *LayerChain) rowsOf(n int, condition model.Condition) (rows []float32, err error) {
	if condition.Classes == 0 {
		return nil, nil
	}
	var trained []float32
	if c.rows != nil {
		if trained, err = c.rows.Data.Float32s(); err != nil {
			return nil, err
		}
	}
	for i := range n {
		class := i % condition.Classes
		if trained != nil {
			rows = append(rows, trained[class*condition.Numbers:][:condition.Numbers]...)
			continue
		}
		row := make([]float32, condition.Numbers)
		row[class] = 1
		rows = append(rows, row...)
	}
	return rows, nil
}

// joined returns maps with feature maps of each input's row behind its own: at all
// locations the same, or where there is a number for each, map for map, or with first
// set at the first location alone.
func (m *maps) joined(numbers int, first bool) *maps {
	out := &maps{n: m.n, h: m.h, w: m.w, c: m.c + numbers, data: make([]float32, m.n*m.h*m.w*(m.c+numbers)), rows: m.rows}
	size, spots := len(m.rows)/m.n, m.h*m.w
	pixels := size != numbers && size == numbers*spots
	for i := range m.n * spots {
		to := out.data[i*out.c:][:out.c]
		to = to[copy(to, m.data[i*m.c:][:m.c]):]
		row, at := m.rows[i/spots*size:][:size], i%spots
		for k := range to {
			switch {
			case pixels:
				to[k] = row[k*spots+at]
			case !first || at == 0:
				to[k] = row[k]
			}
		}
	}
	return out
}
