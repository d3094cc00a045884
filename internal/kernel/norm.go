package kernel

import "fmt"

// A Rule says how a gradient passes an activation on its way back: model.Rule has
// formulas and sources.
type Rule uint8

// The rules. The zero value is the gradient.
const (
	Plain Rule = iota
	GuidedReLU
	GuidedLeaky
	DeconvReLU
	DeconvLeaky
)

var ruleNames = [...]string{"gradient", "guided_relu", "guided_leaky", "deconv_relu", "deconv_leaky"}

func (r Rule) String() string {
	if int(r) >= len(ruleNames) {
		return fmt.Sprintf("Rule(%d)", uint8(r))
	}
	return ruleNames[r]
}

// factors returns the two numbers that express r: see vectors.
func (r Rule) factors(slope float32) (pass, leak float32) {
	switch r {
	case Plain:
		return 1, slope
	case GuidedReLU:
		return 0, 0
	case GuidedLeaky:
		return 0, slope
	case DeconvReLU:
		return 0, 1
	case DeconvLeaky:
		return slope, 1
	}
	panic("kernel: " + r.String())
}

// lanes is into how many parts sums over pixels are split, whatever the number
// of threads: the parts are added in order, so that the result is fixed.
const lanes = 64

// rowsOfLane returns the rows of one lane.
func rowsOfLane(rows, lane int) (from, to int) {
	return lane * rows / lanes, (lane + 1) * rows / lanes
}

func checkRows(what string, n, c int) int {
	if c == 0 || n%c != 0 {
		panic(fmt.Sprintf("kernel: %s: %d floats are not rows of %d channels", what, n, c))
	}
	return n / c
}

func checkLen(what string, want int, got ...int) {
	for _, n := range got {
		if n != want {
			panic(fmt.Sprintf("kernel: %s: a slice of %d elements, want %d", what, n, want))
		}
	}
}

// BNStats computes each channel's mean and biased variance over the rows of x,
// [rows, c] with c = len(mean), in float64.
func (pool *Pool) BNStats(x []float32, mean, variance []float64) {
	c := len(mean)
	rows := checkRows("BNStats", len(x), c)
	checkLen("BNStats", c, len(variance))
	p := pool.lock()
	defer p.mu.Unlock()
	sums := p.doubles(2 * lanes * c)
	p.run(lanes, func(lane, _ int) {
		from, to := rowsOfLane(rows, lane)
		s := sums[2*lane*c : 2*(lane+1)*c]
		p.isa.vec.stats(x[from*c:to*c], c, s[:c], s[c:])
	})
	addLanes(sums, mean, variance)
	for i := range mean {
		m := mean[i] / float64(rows)
		mean[i] = m
		variance[i] = max(0, variance[i]/float64(rows)-float64(m*m))
	}
}

// addLanes adds up the lanes' pairs of sums.
func addLanes(sums, a, b []float64) {
	clear(a)
	clear(b)
	c := len(a)
	for lane := range lanes {
		s := sums[2*lane*c : 2*(lane+1)*c]
		for i := range a {
			a[i] += s[i]
			b[i] += s[c+i]
		}
	}
}

// block is how many floats a task of an element-wise pass takes: three streams
// of it fit a second-level cache.
const block = 1 << 14

// forRows runs f over blocks of rows of c floats.
func (p *Pool) forRows(rows, c int, f func(from, to int)) {
	step := max(1, block/c)
	p.run((rows+step-1)/step, func(task, _ int) {
		f(task*step*c, min((task+1)*step, rows)*c)
	})
}

// ScaleAct computes y = act(x*scale + shift), a channel at a time: batch
// normalisation with known statistics, or a bias, and its activation. slope is
// the activation's negative slope: 1 none, 0 ReLU. y may be x.
func (pool *Pool) ScaleAct(y, x, scale, shift []float32, slope float32) {
	c := len(scale)
	rows := checkRows("ScaleAct", len(x), c)
	checkLen("ScaleAct", c, len(shift))
	checkLen("ScaleAct", len(x), len(y))
	p := pool.lock()
	defer p.mu.Unlock()
	p.forRows(rows, c, func(i, j int) { p.isa.vec.scaleAct(y[i:j], x[i:j], scale, shift, slope) })
}

// BNReduce takes the gradient dy of act(x*scale + shift) back through the
// activation by rule, and sums the result d over the rows of each channel:
// sum = Σ d, sumx = Σ d*x, in float64.
func (pool *Pool) BNReduce(dy, x, scale, shift []float32, slope float32, rule Rule, sum, sumx []float64) {
	c := len(scale)
	rows := checkRows("BNReduce", len(x), c)
	checkLen("BNReduce", c, len(shift), len(sum), len(sumx))
	checkLen("BNReduce", len(x), len(dy))
	pass, leak := rule.factors(slope)
	p := pool.lock()
	defer p.mu.Unlock()
	sums := p.doubles(2 * lanes * c)
	p.run(lanes, func(lane, _ int) {
		from, to := rowsOfLane(rows, lane)
		s := sums[2*lane*c : 2*(lane+1)*c]
		p.isa.vec.reduce(dy[from*c:to*c], x[from*c:to*c], scale, shift, pass, leak, s[:c], s[c:])
	})
	addLanes(sums, sum, sumx)
}

// BNBackward computes dx = a*d + b*x + c, a channel at a time, with d the
// gradient dy taken back through the activation at x*scale + shift by rule.
// With a, b and c from BNReduce's sums it is the gradient of batch
// normalisation, with b = c = 0 the gradient of a fixed scale. dx may be dy.
func (pool *Pool) BNBackward(dx, dy, x, scale, shift []float32, slope float32, rule Rule, a, b, c []float32) {
	n := len(scale)
	rows := checkRows("BNBackward", len(x), n)
	checkLen("BNBackward", n, len(shift), len(a), len(b), len(c))
	checkLen("BNBackward", len(x), len(dy), len(dx))
	pass, leak := rule.factors(slope)
	p := pool.lock()
	defer p.mu.Unlock()
	p.forRows(rows, n, func(i, j int) {
		p.isa.vec.backward(dx[i:j], dy[i:j], x[i:j], scale, shift, pass, leak, a, b, c)
	})
}

// doubles returns n zeroed float64 of scratch.
func (p *Pool) doubles(n int) []float64 {
	if cap(p.sums) < n {
		p.sums = make([]float64, n)
	}
	s := p.sums[:n]
	clear(s)
	return s
}
