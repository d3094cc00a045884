package spectrum

import (
	"context"
	"math"
	"math/cmplx"
	"testing"

	"dcganviz/model"
)

// rounding is what float64 sums of some hundred products may be wrong by, of
// values about one.
const rounding = 1e-11

// The Laplacian of the periodic component, taken around the borders, is that of
// the image, taken over neighbours inside it (Moisan 2011, equation 10 ff.). The
// transform is done by its definition.
func TestPowerIsThatOfThePeriodicComponent(t *testing.T) {
	for _, size := range [][2]int{{8, 12}, {7, 5}, {1, 6}, {6, 1}} {
		h, w := size[0], size[1]
		image := white(1, 1, h, w, 3, 0.5)
		u := func(y, x int) float64 {
			p := image.Data[(y*w+x)*3:]
			return 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
		}
		power := powerOf(image)
		for fy := range h {
			for fx := range w {
				var sum complex128
				for y := range h {
					for x := range w {
						inside := 0.0
						for _, step := range [][2]int{{0, 1}, {0, -1}, {1, 0}, {-1, 0}} {
							if ny, nx := y+step[0], x+step[1]; ny >= 0 && ny < h && nx >= 0 && nx < w {
								inside += u(ny, nx) - u(y, x)
							}
						}
						angle := 2 * math.Pi * (float64(fy*y)/float64(h) + float64(fx*x)/float64(w))
						sum += complex(inside, 0) * cmplx.Exp(complex(0, -angle))
					}
				}
				want := floor
				if fy+fx > 0 {
					around := 2*math.Cos(2*math.Pi*float64(fy)/float64(h)) + 2*math.Cos(2*math.Pi*float64(fx)/float64(w)) - 4
					want += math.Pow(cmplx.Abs(sum)/around, 2) / float64(h*w)
				}
				near(t, "power", power[fy*w+fx], want, rounding)
			}
		}
	}
}

func TestPowersAddUpToTheVariance(t *testing.T) {
	image := white(2, 1, 9, 16, 1, 0.5)
	for y := range 9 {
		image.Data[y*16+15] = image.Data[y*16] // no jumps: the periodic component is the image
	}
	copy(image.Data[8*16:], image.Data[:16])
	sum, mean, square := 0.0, 0.0, 0.0
	for i, p := range powerOf(image) {
		v := float64(image.Data[i])
		sum, mean, square = sum+(p-floor)/144, mean+v/144, square+v*v/144
	}
	near(t, "mean power", sum, square-mean*mean, rounding)
}

func TestCheckerboardHasItsPower(t *testing.T) {
	const h, w, a = 16, 24, 0.125
	for shift := range 2 {
		image := add(model.NewTensor(1, h, w, 1), func(y, x int) float64 { return board(a)(y, x+shift) })
		// The border takes that part away which it cannot tell from a jump.
		kept := 1 - (1./h+1./w)/2
		near(t, "checkerboard", powerOf(image)[h/2*w+w/2], a*a*h*w*kept*kept+floor, rounding)
		stripes := add(model.NewTensor(1, h, w, 1), func(_, x int) float64 { return board(a)(0, x+shift) })
		near(t, "stripes", powerOf(stripes)[w/2], a*a*h*w*(1-1./w)*(1-1./w)+floor, rounding)
	}
}

func TestSinusoidFallsInItsFrequency(t *testing.T) {
	const h, w, a = 32, 48, 0.5
	for _, f := range [][2]int{{5, 7}, {0, 6}, {4, 0}, {10, 16}} {
		for phase := range 4 {
			power := powerOf(add(model.NewTensor(1, h, w, 1), func(y, x int) float64 {
				return a * math.Sin(2*math.Pi*(float64(f[0]*y)/h+float64(f[1]*x)/w)+float64(phase))
			}))
			// Half the mean square is at the frequency, half at its negative.
			got := power[f[0]*w+f[1]] / (a * a / 4 * h * w)
			if !(got > 0.85 && got < 1.05) {
				t.Errorf("frequency %v, phase %d: %v of the power", f, phase, got)
			}
		}
	}
}

func TestRampLeavesNoCross(t *testing.T) {
	image := add(model.NewTensor(1, 32, 32, 1), func(y, x int) float64 { return float64(y+2*x)/48 - 1 })
	power := powerOf(image)
	for fx := 2; fx <= 16; fx++ {
		// Without the subtraction the jump of 1.3 has a power of 4 and more here.
		if power[fx] > 0.02 {
			t.Errorf("power %v at (0, %d)", power[fx], fx)
		}
	}
}

// The jumps of white noise are noise as well. By the covariances of jumps and
// image, which take the share q of the borders, its power has a closed form, but
// for the four corners.
func TestPowerOfWhiteNoise(t *testing.T) {
	const n, h, w, deviation = 4000, 16, 24, 0.2
	s := newSurvey(h, w)
	_, mean, err := s.transform(context.Background(), white(5, n, h, w, 1, deviation), nil)
	if err != nil {
		t.Fatal(err)
	}
	for fy := range h {
		for fx := range w {
			a, b := 2-2*math.Cos(2*math.Pi*float64(fy)/h), 2-2*math.Cos(2*math.Pi*float64(fx)/w)
			want := floor
			if fy+fx > 0 {
				q := (a/h + b/w) / (a + b)
				want += deviation * deviation * (1 - 2*q + 2*q/(a+b))
			}
			got := float64(mean.Data[(fy+h/2)%h*w+(fx+w/2)%w])
			// Means of n powers deviate by 1/√n or, where a frequency is its own
			// negative, √2/√n = 0.022; the corners are 4/hw = 0.01.
			near(t, "power", got/want, 1, 0.1)
		}
	}
}
