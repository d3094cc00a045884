package units

import (
	"cmp"
	"math"
	"slices"

	"dcganviz/model"
)

// A Peak is a sample, and where in it a unit is most active.
type Peak struct {
	Sample     int     `json:"sample"`
	Activation float32 `json:"activation"`
	// Y and X are the location in the layer.
	Y int `json:"y"`
	X int `json:"x"`
}

// describe fills in what a unit's activations say: act is [N, H, W, C].
func (u *Unit) describe(act model.Tensor, opt Options) error {
	width, c := act.Shape[2], act.Shape[3]
	locations := act.Shape[1] * width
	values := make([]float32, 0, act.Len()*locations)
	peaks := make([]Peak, act.Len())
	var sum, squares float64
	active := 0
	for i := range peaks {
		row := act.Row(i)
		best := 0
		for at := range locations {
			v := row[at*c+u.Unit]
			if !(math.Abs(float64(v)) <= math.MaxFloat32) {
				return model.Unusable("units: unit %d is %v in sample %d: dcganviz doctor tells where that begins", u.Unit, v, i)
			}
			values = append(values, v)
			sum += float64(v)
			squares += float64(v) * float64(v)
			if v != 0 {
				u.Dead = false
			}
			if v > 0 {
				active++
			}
			if v > row[best*c+u.Unit] {
				best = at
			}
		}
		peaks[i] = Peak{i, row[best*c+u.Unit], best / width, best % width}
	}
	n := float64(len(values))
	u.Mean, u.Energy, u.Active = sum/n, squares/n, float64(active)/n
	for _, v := range values {
		u.SD += (float64(v) - u.Mean) * (float64(v) - u.Mean) / n
	}
	u.SD = math.Sqrt(u.SD)
	slices.Sort(values)
	u.Threshold = values[len(values)-1-int(opt.Quantile*n)]
	u.Max = values[len(values)-1]
	slices.SortStableFunc(peaks, func(a, b Peak) int { return cmp.Compare(b.Activation, a.Activation) })
	u.Top = peaks[:opt.Top]
	if opt.Hold == Mean {
		u.Held = u.Mean
	}
	return nil
}

// A Histogram counts activations in ranges of equal width.
type Histogram struct {
	Lo     float64 `json:"lo"`
	Hi     float64 `json:"hi"`
	Counts []int   `json:"counts"`
	// Zeros are counted apart. Behind a ReLU most activations are zero.
	Zeros int `json:"zeros"`
}

// Histogram sorts the activations of a unit, at all locations of all samples,
// into ranges between the lowest and the highest that are not zero.
func (st *Result) Histogram(unit, ranges int) Histogram {
	h := Histogram{Counts: make([]int, ranges)}
	c := st.act.Shape[3]
	first := true
	for pass := range 2 {
		for at := unit; at < len(st.act.Data); at += c {
			v := float64(st.act.Data[at])
			switch {
			case v == 0:
				h.Zeros += pass
			case pass == 0 && first:
				h.Lo, h.Hi, first = v, v, false
			case pass == 0:
				h.Lo, h.Hi = min(h.Lo, v), max(h.Hi, v)
			case h.Hi == h.Lo:
				h.Counts[0]++
			default:
				h.Counts[min(int((v-h.Lo)/(h.Hi-h.Lo)*float64(ranges)), ranges-1)]++
			}
		}
	}
	return h
}
