package filters

import (
	"cmp"
	"context"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// A Response is one neuron's on one image.
type Response struct {
	// Image is the image's number.
	Image int `json:"image"`
	// Y and X are the neuron's place in the layer.
	Y int `json:"y"`
	X int `json:"x"`
	// Value is its activation.
	Value float64 `json:"value"`
	// Field is its receptive field, in pixels of the image.
	Field Field `json:"field"`
}

// Responses are a unit's largest responses.
type Responses struct {
	Unit int `json:"unit"`
	// Mean and SD are the mean and standard deviation of the unit's activation,
	// over all images and places.
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	// Top are the largest responses of different images, falling; of equal ones
	// the first image's comes first.
	Top []Response `json:"top"`
}

// batch is how many images are in work at a time, between two looks at the
// context.
const batch = 64

// respond finds the largest responses of the units of net over images.
func (s *subject) respond(ctx context.Context, net *model.D, run model.RunOptions, images model.Tensor) ([]Responses, error) {
	out := make([]Responses, len(s.units))
	best := make([][]Response, len(s.units))
	sum, square := make([]float64, len(s.units)), make([]float64, len(s.units))
	err := probe.InParts(ctx, images.Len(), batch, func(from, to int) error {
		part := images.Slice(from, to)
		act, err := net.Activations(part, []model.Point{s.point}, run)
		if err != nil {
			return err
		}
		c := s.info.Channels
		for i := range part.Len() {
			row := act[0].Row(i)
			for k, u := range s.units {
				most := 0
				for at := range len(row) / c {
					v := row[at*c+u]
					if v != v {
						return model.Unusable("filters: layer %q: unit %d is NaN on image %d", s.info.Name, u, from+i)
					}
					sum[k] += float64(v)
					square[k] += float64(v) * float64(v)
					if v > row[most*c+u] {
						most = at
					}
				}
				y, x := most/s.info.Width, most%s.info.Width
				best[k] = append(best[k], Response{Image: from + i, Y: y, X: x, Value: float64(row[most*c+u])})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	n := float64(images.Len() * s.info.Height * s.info.Width)
	for k, u := range s.units {
		mean := sum[k] / n
		out[k] = Responses{Unit: u, Mean: mean, SD: math.Sqrt(max(0, square[k]/n-mean*mean))}
		slices.SortStableFunc(best[k], func(a, b Response) int { return cmp.Compare(b.Value, a.Value) })
		out[k].Top = slices.Clone(best[k][:min(s.opt.Top, len(best[k]))])
		for i := range out[k].Top {
			r := &out[k].Top[i]
			r.Field = s.fields.at(s.layer, r.Y, r.X)
		}
	}
	return out, nil
}

// A Panel is the maps of the largest responses of one net, row by row of units.
type Panel struct {
	// Maps [units * images, H, W, C] are the responses taken back to Pictures,
	// which have the same shape.
	Maps, Pictures model.Tensor
	// Responses are those, in the same order, and Units their units.
	Responses []Response
	Units     []int
}

// panel lines up responses with their pictures, without maps.
func panel(units []Responses, images model.Tensor) Panel {
	var p Panel
	var numbers []int
	for _, u := range units {
		for _, r := range u.Top {
			p.Responses, p.Units, numbers = append(p.Responses, r), append(p.Units, u.Unit), append(numbers, r.Image)
		}
	}
	p.Pictures = probe.Pick(images, numbers)
	return p
}

// maps takes the responses of p back to its pictures through net: what each
// would be taken back to if net were what responds there.
func (s *subject) maps(ctx context.Context, net *model.D, run model.RunOptions, p *Panel, rule Rule) (model.Tensor, error) {
	opt := model.GradientOptions{RunOptions: run, Rule: rule.of(s.opt.Leak)}
	return probe.Gather(ctx, p.Pictures.Len(), batch, func(from, to int) (model.Tensor, error) {
		one := model.NewTensor(to-from, s.info.Height, s.info.Width, s.info.Channels)
		for i := from; i < to; i++ {
			r := &p.Responses[i]
			one.Row(i - from)[(r.Y*s.info.Width+r.X)*s.info.Channels+p.Units[i]] = 1
		}
		got, err := net.InputGradient(p.Pictures.Slice(from, to), model.Target{Point: s.point, Gradient: one}, opt)
		return got.Gradient, err
	})
}
