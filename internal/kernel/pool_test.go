package kernel

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPoolRunsEveryTaskOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8} {
		p := NewPool(threads)
		for _, tasks := range []int{0, 1, 2, 3, 17, 1000} {
			counts := make([]atomic.Int32, tasks)
			var busy [8]atomic.Bool
			p.Run(tasks, func(task, worker int) {
				if worker >= threads || busy[worker].Swap(true) {
					t.Errorf("worker %d of %d runs two tasks at once", worker, threads)
				}
				counts[task].Add(1)
				runtime.Gosched()
				busy[worker].Store(false)
			})
			for i := range counts {
				if n := counts[i].Load(); n != 1 {
					t.Fatalf("%d threads: task %d of %d ran %d times", threads, i, tasks, n)
				}
			}
		}
		p.Close()
	}
}

// Jobs that come while the helpers spin, while they park and after they have
// parked, from several goroutines.
func TestPoolJobsAtAnyMoment(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	var total atomic.Int64
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for j := range 60 {
				p.Run(5, func(int, int) { total.Add(1) })
				time.Sleep(time.Duration((i*7+j*13)%50) * 20 * time.Microsecond)
			}
		})
	}
	group.Wait()
	if got := total.Load(); got != 4*60*5 {
		t.Errorf("%d tasks ran, want %d", got, 4*60*5)
	}
}

// The caller sleeps where a helper takes long.
func TestPoolWaitsForSlowHelpers(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	for range 5 {
		var done atomic.Int32
		p.Run(2, func(int, int) {
			time.Sleep(5 * time.Millisecond)
			done.Add(1)
		})
		if n := done.Load(); n != 2 {
			t.Fatalf("Run returned after %d of 2 tasks", n)
		}
	}
}

func TestPoolCloseEndsItsGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, parked := range []bool{false, true} {
		p := NewPool(4)
		p.Run(8, func(int, int) {})
		if parked {
			time.Sleep(20 * time.Millisecond)
		}
		p.Close()
		p.Close() // twice is harmless
	}
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, want %d", runtime.NumGoroutine(), before)
}

func TestOperationsMakeNoGarbage(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	g := Geom{N: 2, H: 8, W: 8, C: 16, OH: 4, OW: 4, K: 16, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages}
	big, small, dw := make([]float32, g.Big()), make([]float32, g.Small()), make([]float32, g.Weights())
	f := NewFilter(4, 4, 16, 16)
	for _, algorithm := range []Algorithm{Direct, ManyImages} {
		g.Algorithm = algorithm
		got := testing.AllocsPerRun(20, func() {
			f.Changed()
			p.Conv(g, small, big, f)
			p.ConvT(g, big, small, f)
			p.ConvW(g, dw, big, small)
		})
		// Closures and a few headers.
		if got > 40 {
			t.Errorf("algorithm %v: %v allocations, want at most 40", algorithm, got)
		}
	}
}

// TestNilPoolIsShared: a nil pool computes what a pool of one's own does, and
// outlives Close.
func TestNilPoolIsShared(t *testing.T) {
	own := NewPool(2)
	defer own.Close()
	x := make([]float32, 1000)
	for i := range x {
		x[i] = float32(i)/500 - 1
	}
	want, got := make([]float32, len(x)), make([]float32, len(x))
	own.Tanh(want, x)
	var p *Pool
	for range 2 {
		p.Tanh(got, x)
		if !slices.Equal(got, want) {
			t.Error("a nil pool computes something else")
		}
		if p.SumSquares(x) != own.SumSquares(x) || p.Threads() < 1 || p.Instructions() != own.Instructions() {
			t.Error("a nil pool is not like another")
		}
		p.Close()
	}
}
