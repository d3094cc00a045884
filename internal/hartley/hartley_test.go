package hartley

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// tolerance of float32 transforms, relative to the largest sum.
const tolerance = 1e-6

func random(n int) []float32 {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	x := make([]float32, n*Lanes)
	for i := range x {
		x[i] = r.Float32() - .5
	}
	return x
}

func cas(k, n int) float64 {
	sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
	return cos + sin
}

// direct is the definition, in float64.
func direct(x []float32, n int) []float64 {
	h := make([]float64, n*Lanes)
	for k := range n {
		for j := range n {
			c := cas(j*k%n, n)
			for l := range Lanes {
				h[k*Lanes+l] += c * float64(x[j*Lanes+l])
			}
		}
	}
	return h
}

func TestForwardIsTheDefinition(t *testing.T) {
	for _, n := range []int{2, 4, 6, 8, 10, 12, 16, 20, 24, 40, 48, 64, 80, 96} {
		p, err := NewPlan(n)
		if err != nil {
			t.Fatal(err)
		}
		x := random(n)
		want := direct(x, n)
		p.Forward(x)
		for i, k := range p.Frequencies() {
			for l := range Lanes {
				if got, want := float64(x[i*Lanes+l]), want[k*Lanes+l]; !(math.Abs(got-want) <= tolerance*float64(n)) {
					t.Fatalf("length %d, frequency %d, column %d: got %v, want %v", n, k, l, got, want)
				}
			}
		}
	}
}

func TestInverseUndoesForward(t *testing.T) {
	for _, n := range []int{2, 6, 10, 12, 64, 160, 384, 1024} {
		p, err := NewPlan(n)
		if err != nil {
			t.Fatal(err)
		}
		x := random(n)
		want := slices.Clone(x)
		p.Forward(x)
		p.Inverse(x)
		for i := range x {
			if !(math.Abs(float64(x[i])/float64(n)-float64(want[i])) <= tolerance) {
				t.Fatalf("length %d, element %d: got %v, want %v", n, i, x[i]/float32(n), want[i])
			}
		}
	}
}

func TestHalvesAreTheWhole(t *testing.T) {
	for _, n := range []int{2, 6, 10, 16, 20, 96, 256} {
		p, err := NewPlan(n)
		if err != nil {
			t.Fatal(err)
		}
		x := random(n)
		half := slices.Clone(x) // its second half is not read
		clear(x[n/2*Lanes:])
		p.Forward(x)
		p.ForwardHalf(half)
		if !slices.Equal(x, half) {
			t.Errorf("length %d: ForwardHalf differs from Forward", n)
		}
		p.Inverse(x)
		p.InverseHalf(half)
		if !slices.Equal(x[:n/2*Lanes], half[:n/2*Lanes]) {
			t.Errorf("length %d: InverseHalf differs from Inverse", n)
		}
	}
}

// The machine's vectors give the bits of portable Go, and write nothing beside.
func TestVectorsAreTheirGo(t *testing.T) {
	for _, n := range []int{2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 80, 96, 160} {
		p, err := NewPlan(n)
		if err != nil {
			t.Fatal(err)
		}
		x := random(n + 1) // its last row is a guard
		same := func(what string, fast, portable func(x []float32)) {
			t.Helper()
			got, want := slices.Clone(x), slices.Clone(x)
			fast(got[:n*Lanes])
			portable(want[:n*Lanes])
			for i := range got {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("length %d, %s, element %d: got %v, want %v", n, what, i, got[i], want[i])
				}
			}
		}
		for i := range p.stages {
			s := &p.stages[i]
			same("join", s.joinAll, func(x []float32) { s.eachBlock(x, s.join) })
			same("split", s.splitAll, func(x []float32) { s.eachBlock(x, s.split) })
		}
		same("joinLast", p.stages[0].joinLast, p.stages[0].joinHalf)
		same("splitFirst", p.stages[0].splitFirst, p.stages[0].splitHalf)
		switch p.base {
		case 3:
			same("threes", threes, threesGo)
		case 5:
			same("fives", fives, fivesGo)
		}
		by := random(n + 2)
		same("Multiply", func(x []float32) { Multiply(x, by) }, func(x []float32) { multiplyGo(x, by[:len(x)]) })
		if n%Lanes == 0 {
			same("Transpose", func(x []float32) { Transpose(x, Lanes*Lanes, by, Lanes, n/Lanes) },
				func(x []float32) { transposeGo(x, Lanes*Lanes, by, Lanes, n/Lanes) })
		}
	}
}

func TestTransposeSwapsRowsAndColumns(t *testing.T) {
	x := random(Lanes)
	y := make([]float32, len(x))
	Transpose(y, len(x), x, len(x), 1)
	for i := range Lanes {
		for j := range Lanes {
			if y[j*Lanes+i] != x[i*Lanes+j] {
				t.Fatalf("row %d, column %d: got %v, want %v", j, i, y[j*Lanes+i], x[i*Lanes+j])
			}
		}
	}
}

// The convolution with an even kernel is the product of the transforms.
func TestConvolutionWithAnEvenKernel(t *testing.T) {
	const n = 48
	p, err := NewPlan(n)
	if err != nil {
		t.Fatal(err)
	}
	x, h := random(n), make([]float32, n*Lanes)
	kernel := func(d int) float64 {
		d = min((d+n)%n, (n-d)%n)
		return 1 / (1 + float64(d*d))
	}
	want := make([]float64, n*Lanes)
	for i := range n {
		for l := range Lanes {
			h[i*Lanes+l] = float32(kernel(i))
			for j := range n {
				want[i*Lanes+l] += kernel(i-j) * float64(x[j*Lanes+l])
			}
		}
	}
	p.Forward(x)
	p.Forward(h)
	for i := range x {
		x[i] *= h[i] / n
	}
	p.Inverse(x)
	for i := range x {
		if !(math.Abs(float64(x[i])-want[i]) <= 10*tolerance) {
			t.Fatalf("element %d: got %v, want %v", i, x[i], want[i])
		}
	}
}

func TestLength(t *testing.T) {
	for n, want := range map[int]int{-1: 2, 0: 2, 3: 4, 5: 6, 7: 8, 9: 10, 11: 12, 13: 16, 17: 20, 21: 24, 25: 32, 320: 320, 321: 384, 385: 512} {
		if got := Length(n); got != want {
			t.Errorf("Length(%d) = %d, want %d", n, got, want)
		}
	}
	for _, n := range []int{0, 1, 3, 5, 7, 9, 14, 15, 18, -4, 2 * maxLength} {
		if _, err := NewPlan(n); err == nil {
			t.Errorf("NewPlan(%d): no error", n)
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, n := range []int{128, 512, 1024} {
		b.Run(fmt.Sprintf("length=%d", n), func(b *testing.B) {
			p, _ := NewPlan(n)
			x := random(n)
			b.ReportAllocs()
			for b.Loop() {
				p.Forward(x)
				p.Inverse(x)
				for i := range x {
					x[i] /= float32(n)
				}
			}
		})
	}
}
