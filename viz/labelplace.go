package viz

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/fogleman/gg"
)

// labelClear is how many pixels around a label should be free.
const labelClear = 2

// A placer finds places for labels on a picture. No label leaves the picture's bounds
// or covers another, and each covers as little as possible of what is drawn. A placer
// looks at the pixels, so it need not know what they show.
type placer struct {
	bounds image.Rectangle
	// ink is a summed-area table of the bounds: at (x, y) how much is drawn
	// above and to the left, in pixels of full ink.
	ink    []float64
	labels []placedLabel
	drawn  int // of labels
}

// A placedLabel is a label that found its place.
type placedLabel struct {
	l      lettering
	text   []string
	box    image.Rectangle
	leader leader
}

// darkness is how much ink a pixel has, in [0, 1]. Paper, rules and shaded regions
// have no ink.
func darkness(r, g, b uint8) float64 {
	const light = 64
	return float64(max(0, 255-light-int(min(r, g, b)))) / (255 - light)
}

func newPlacer(img *image.RGBA, bounds image.Rectangle) *placer {
	bounds = bounds.Intersect(img.Rect)
	w, h := bounds.Dx(), bounds.Dy()
	p := &placer{bounds: bounds, ink: make([]float64, (w+1)*(h+1))}
	for y := range h {
		row, sum := img.Pix[img.PixOffset(bounds.Min.X, bounds.Min.Y+y):], 0.0
		for x := range w {
			sum += darkness(row[4*x], row[4*x+1], row[4*x+2])
			p.ink[(y+1)*(w+1)+x+1] = p.ink[y*(w+1)+x+1] + sum
		}
	}
	return p
}

// inkIn is how much is drawn in r.
func (p *placer) inkIn(r image.Rectangle) float64 {
	r = r.Intersect(p.bounds).Sub(p.bounds.Min)
	if r.Empty() {
		return 0
	}
	at := func(x, y int) float64 { return p.ink[y*(p.bounds.Dx()+1)+x] }
	return at(r.Max.X, r.Max.Y) - at(r.Min.X, r.Max.Y) - at(r.Max.X, r.Min.Y) + at(r.Min.X, r.Min.Y)
}

// What a place costs, where a pixel of distance costs about one: each pixel
// of ink that is covered, and a leader line across a label.
const (
	inkWeight    = 3
	crossingCost = 200
)

// cost is how bad a place is: what a label in box covers, or infinity when
// it leaves the bounds or meets another label.
func (p *placer) cost(box image.Rectangle) float64 {
	wide := box.Inset(-labelClear)
	if !box.In(p.bounds) {
		return math.Inf(1)
	}
	sum := float64(inkWeight * p.inkIn(wide))
	for _, other := range p.labels {
		if wide.Overlaps(other.box) {
			return math.Inf(1)
		}
		if other.leader.crosses(wide) {
			sum += crossingCost
		}
	}
	return sum
}

// A leader is the line from a point to its label. With both ends in one place there
// is no line.
type leader struct{ from, to image.Point }

// crosses says whether the line and a box share a point.
func (l leader) crosses(box image.Rectangle) bool {
	if l.from == l.to || box.Empty() {
		return false
	}
	// The part of the line, from 0 to 1, that lies between the box's sides.
	in, out := 0.0, 1.0
	for _, v := range [][4]int{{l.from.X, l.to.X, box.Min.X, box.Max.X - 1}, {l.from.Y, l.to.Y, box.Min.Y, box.Max.Y - 1}} {
		start, step := float64(v[0]), float64(v[1]-v[0])
		if step == 0 {
			if v[0] < v[2] || v[0] > v[3] {
				return false
			}
			continue
		}
		a, b := (float64(v[2])-start)/step, (float64(v[3])-start)/step
		in, out = max(in, min(a, b)), min(out, max(a, b))
	}
	return in <= out
}

// boxOf is the size of a text.
func boxOf(l lettering, text []string) image.Point {
	var size image.Point
	for _, line := range text {
		size.X = max(size.X, l.width(line))
	}
	size.Y = len(text) * l.linePx
	return size
}

// A wanted label is to stand near a point's marker.
type wanted struct {
	text []string
	at   image.Point
}

// near places labels near markers of radius radiusPx: next to them if a place is
// free there, and otherwise farther away with a line that leads there. A label
// without room is left out.
//
// Each label takes the best place that those before it leave, and then once
// more the best that all others leave. The order matters, so some are tried,
// and the best result is kept.
func (p *placer) near(l lettering, labels []wanted, radiusPx int) {
	const missing = 1e6 // costs a label that is left out
	tries := 1 + 1000/(len(labels)*len(labels)+1)
	r := rand.New(rand.NewPCG(1, 1))
	before := p.labels
	var best []placedLabel
	bestCost := math.Inf(1)
	for range min(tries, 40) {
		p.labels = append(slices.Clone(before), make([]placedLabel, len(labels))...)
		costs := make([]float64, len(labels))
		for range 2 {
			for i, w := range labels {
				k := len(before) + i
				p.labels[k] = placedLabel{} // in nobody's way
				if found, cost := p.around(l, w.text, w.at, radiusPx); !math.IsInf(cost, 1) {
					p.labels[k], costs[i] = found, cost
				} else {
					costs[i] = missing
				}
			}
		}
		sum := 0.0
		for _, c := range costs {
			sum += c
		}
		if sum < bestCost {
			best, bestCost = p.labels, sum
		}
		labels = slices.Clone(labels)
		r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	}
	p.labels = slices.DeleteFunc(best, func(l placedLabel) bool { return l.box.Empty() })
}

// around is the best free place for a label, and its cost. The cost is infinite if
// no place is free.
func (p *placer) around(l lettering, text []string, at image.Point, radiusPx int) (placedLabel, float64) {
	size := boxOf(l, text)
	best, bestCost := placedLabel{l: l, text: text}, math.Inf(1)
	try := func(box image.Rectangle, dislike float64, led bool) {
		cost := p.cost(box) + dislike
		line := leader{at, at}
		if led && cost < bestCost {
			line.to = nearest(box, at)
			cost += p.leaderCost(line, radiusPx)
		}
		if cost < bestCost {
			best.box, best.leader, bestCost = box, line, cost
		}
	}
	// Directions in the order of liking, y downward.
	directions := [][2]int{{2, 0}, {-2, 0}, {0, -2}, {0, 2}, {2, -2}, {2, 2}, {-2, -2}, {-2, 2},
		{2, -1}, {2, 1}, {-2, -1}, {-2, 1}, {1, -2}, {-1, -2}, {1, 2}, {-1, 2}}
	for ring, gap := range []int{4, 12, 20, 30, 42, 56, 72, 90} {
		if ring > 0 && bestCost < float64(gap) {
			break
		}
		away := radiusPx + gap
		for i, d := range directions {
			// A label's middle lies in the direction, its edge at the gap.
			middle := at.Add(image.Pt(d[0]*(away+size.X/2)/2, d[1]*(away+size.Y/2)/2))
			if ring == 0 && d[0] != 0 && d[1] != 0 {
				// A corner may come as near as the round marker lets it.
				middle.Y -= d[1] * gap / 2
			}
			box := image.Rectangle{Max: size}.Add(middle.Sub(size.Div(2)))
			try(box, float64(0.2*float64(i))+float64(2*gap*min(ring, 1)), ring > 0)
		}
	}
	if math.IsInf(bestCost, 1) {
		const step = 6 // of places all over the bounds
		for y := p.bounds.Min.Y; y+size.Y <= p.bounds.Max.Y; y += step {
			for x := p.bounds.Min.X; x+size.X <= p.bounds.Max.X; x += step {
				box := image.Rectangle{Max: size}.Add(image.Pt(x, y))
				try(box, apart(nearest(box, at), at), true)
			}
		}
	}
	return best, bestCost
}

// alongLine places a label above or below the horizontal line at y, at best
// at its right end.
func (p *placer) alongLine(l lettering, label string, y int) {
	if label == "" {
		return
	}
	text := []string{l.fit(label, p.bounds.Dx())}
	size := boxOf(l, text)
	best, bestCost := placedLabel{l: l, text: text}, math.Inf(1)
	for x := p.bounds.Max.X - size.X; x >= p.bounds.Min.X; x -= 8 {
		for below, top := range []int{y - size.Y - labelClear, y + labelClear + 1} {
			box := image.Rectangle{Max: size}.Add(image.Pt(x, top))
			right := float64(p.bounds.Max.X-box.Max.X) / float64(p.bounds.Dx())
			if cost := p.cost(box) + float64(4*below) + float64(8*right); cost < bestCost {
				best.box, bestCost = box, cost
			}
		}
	}
	if !math.IsInf(bestCost, 1) {
		p.labels = append(p.labels, best)
	}
}

// nearest is the point of a box that is nearest to at.
func nearest(box image.Rectangle, at image.Point) image.Point {
	return image.Pt(min(max(at.X, box.Min.X-1), box.Max.X), min(max(at.Y, box.Min.Y), box.Max.Y-1))
}

// apart is the distance of two points, in pixels.
func apart(a, b image.Point) float64 {
	return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y))
}

// leaderCost is what a leader line crosses outside of its point's marker.
func (p *placer) leaderCost(l leader, radiusPx int) (sum float64) {
	length := apart(l.from, l.to)
	for t := float64(radiusPx + 2); t < length-2; t += 2 {
		x := float64(l.from.X) + float64(t/length*float64(l.to.X-l.from.X))
		y := float64(l.from.Y) + float64(t/length*float64(l.to.Y-l.from.Y))
		at := image.Pt(int(math.Round(x)), int(math.Round(y)))
		sum += float64(inkWeight * p.inkIn(image.Rectangle{at, at.Add(image.Pt(2, 1))}))
	}
	for _, other := range p.labels {
		if l.crosses(other.box) {
			sum += crossingCost
		}
	}
	return sum
}

// draw writes the labels that are not yet written.
func (p *placer) draw(img *image.RGBA) {
	dc := gg.NewContextForRGBA(img)
	for _, l := range p.labels[p.drawn:] {
		if a, b := l.leader.from, l.leader.to; a != b {
			const radius = markerPx + 1
			t := radius / max(radius, apart(a, b))
			ax, ay := float64(a.X)+0.5, float64(a.Y)+0.5
			bx, by := float64(b.X)+0.5, float64(b.Y)+0.5
			dc.SetColor(muted)
			dc.SetLineWidth(1)
			dc.DrawLine(ax+float64(t*(bx-ax)), ay+float64(t*(by-ay)), bx, by)
			dc.Stroke()
		}
		l.l.draw(dc, l.text, l.box.Min.X, l.box.Min.Y, alignLeft)
	}
	p.drawn = len(p.labels)
}
