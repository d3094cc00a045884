package viz

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// A scale is the range of an axis in the making. Positions are values, or
// their logarithms to base 2.
type scale struct {
	axis      Axis
	low, high float64 // positions of what is drawn
}

// newScale starts the range of an axis; name is for errors.
func newScale(name string, a Axis) (scale, error) {
	s := scale{axis: a, low: math.Inf(1), high: math.Inf(-1)}
	for _, v := range []float64{a.Low, a.High} {
		if !a.Log2 || v > 0 {
			if err := s.include(v); err != nil {
				return s, fmt.Errorf("range of the %s axis: %w", name, err)
			}
		}
	}
	if a.Low > a.High {
		return s, fmt.Errorf("%s axis from %g to %g, want low to high", name, a.Low, a.High)
	}
	s.axis.Low, s.axis.High = s.low, s.high
	s.low, s.high = math.Inf(1), math.Inf(-1)
	return s, nil
}

// at is the position of a value.
func (s *scale) at(v float64) float64 {
	if s.axis.Log2 {
		return math.Log2(v)
	}
	return v
}

// include makes the range reach over v.
func (s *scale) include(v float64) error {
	const most = 1e100 // so that no arithmetic on ranges overflows
	if !(math.Abs(v) <= most) {
		return fmt.Errorf("%g, want a number of at most %g", v, most)
	}
	if s.axis.Log2 && v <= 0 {
		return fmt.Errorf("%g, want it above 0 for an axis of doublings", v)
	}
	p := s.at(v)
	s.low, s.high = min(s.low, p), max(s.high, p)
	return nil
}

// includeInterval makes the range reach over a value and its interval.
func (s *scale) includeInterval(v Interval) error {
	if err := s.include(v.Mean); err != nil {
		return err
	}
	if v.Lo > v.Hi {
		return fmt.Errorf("interval from %g to %g, want low to high", v.Lo, v.Hi)
	}
	if v.Lo == v.Hi {
		return nil
	}
	return cmp.Or(s.include(v.Lo), s.include(v.Hi))
}

// bounds is the whole range: the range of what is drawn with a little air around,
// and the range that the axis asks for. It is never empty or too narrow for its marks.
func (s *scale) bounds() (low, high float64) {
	low, high = min(s.low, s.axis.Low), max(s.high, s.axis.High)
	if low > high {
		return 0, 1
	}
	least := 1e-6 * max(math.Abs(low), math.Abs(high), 1e-90)
	if s.axis.Log2 {
		least = 1 // a doubling
	}
	if low == 0 && high == 0 {
		low, high = 0, 1
	} else if high-low < least {
		middle := float64(low/2) + float64(high/2)
		least = max(least, math.Abs(middle)/2)
		low, high = middle-least, middle+least
	}
	air := float64(0.03 * (high - low))
	return min(low, s.low-air), max(high, s.high+air)
}

// ticks marks an axis of lengthPx pixels about every everyPx pixels. The marks of
// doublings are short and may stand closer.
func (s *scale) ticks(lengthPx, everyPx int) plot.Ticker {
	if s.axis.Log2 {
		return doublingTicks{lengthPx / min(everyPx, 45)}
	}
	return shortTicks{roundTicks{max(2, lengthPx/everyPx), s.axis.Whole}}
}

// doublingTicks marks whole powers of 2 on an axis of their logarithms.
type doublingTicks struct{ atMost int }

// Ticks implements plot.Ticker.
func (d doublingTicks) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Ceil(low-1e-9)), int(math.Floor(high+1e-9))
	step := (last-first)/max(1, d.atMost) + 1
	var ticks []plot.Tick
	for e := first; e <= last; e += step {
		label := fmt.Sprintf("2^%d", e)
		if e >= -4 && e <= 16 {
			label = shortNumber(math.Exp2(float64(e)))
		}
		ticks = append(ticks, plot.Tick{Value: float64(e), Label: label})
	}
	return ticks
}

// shortTicks writes the numbers of roundTicks that are long in digits as
// powers of ten.
type shortTicks struct{ roundTicks }

// Ticks implements plot.Ticker.
func (s shortTicks) Ticks(low, high float64) []plot.Tick {
	ticks := s.roundTicks.Ticks(low, high)
	for i, t := range ticks {
		if len(t.Label) > 9 {
			ticks[i].Label = shortNumber(t.Value)
		}
	}
	return ticks
}

// shortNumber formats whole numbers below ten million in full and others in
// at most four digits.
func shortNumber(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e7 {
		return grouped(v, 0)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
