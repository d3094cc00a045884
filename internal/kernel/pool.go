package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Pool runs the tasks of one operation on a fixed number of threads and
// holds the scratch memory they need.
//
// A nil Pool is the one that the process shares, with as many threads as there
// are processors. Methods may be called from several goroutines; operations then
// run one after the other. Results do not depend on the number of threads.
type Pool struct {
	mu      sync.Mutex
	threads int
	workers []*worker // workers[0] belongs to the caller
	isa     *isa

	// The current job. Helpers join it through state; tasks are claimed from
	// next, and done counts the helpers that joined and found no task left.
	job   func(task, worker int)
	tasks int64
	next  atomic.Int64
	done  atomic.Int64
	state atomic.Uint64 // turn<<17 | open<<16 | helpers joined

	parked []atomic.Bool
	wake   []chan struct{}
	closed atomic.Bool

	waiting atomic.Bool // the caller sleeps until the helpers are done
	joined  chan struct{}

	arena  []float32 // scratch shared by the workers of one operation
	sums   []float64
	tables map[offsetKey][]int
}

const (
	joinedMask = 1<<16 - 1
	openBit    = 1 << 16
	turnUnit   = 1 << 17
)

// spinLooks is how often an idle helper looks for the next job before it
// parks, about 0.2 ms. Waking a parked goroutine costs about as much, more
// than many operations take; the passes between two jobs of a training step
// rarely last longer.
const spinLooks = 100_000

// joinLooks is how often the caller looks whether the helpers are done before
// it sleeps: on a busy machine they may need the processor that it spins on.
const joinLooks = 100_000

// NewPool returns a pool of the given number of threads; 0 or less means
// GOMAXPROCS. The caller of an operation is one of the threads.
func NewPool(threads int) *Pool {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	threads = min(threads, joinedMask)
	p := &Pool{threads: threads, isa: bestISA(), joined: make(chan struct{}, 1)}
	for range threads {
		p.workers = append(p.workers, new(worker))
	}
	p.parked = make([]atomic.Bool, threads)
	p.wake = make([]chan struct{}, threads)
	for i := 1; i < threads; i++ {
		p.wake[i] = make(chan struct{}, 1)
		go p.help(i)
	}
	return p
}

// sharedPool is what a nil Pool stands for. It is never closed.
var sharedPool = sync.OnceValue(func() *Pool { return NewPool(0) })

// orShared returns p, or the shared pool for nil.
func (p *Pool) orShared() *Pool {
	if p == nil {
		return sharedPool()
	}
	return p
}

// lock claims the pool for one operation. It returns p, or the shared pool for
// nil; the caller unlocks its mu.
func (p *Pool) lock() *Pool {
	p = p.orShared()
	p.mu.Lock()
	return p
}

// Threads returns the number of threads.
func (p *Pool) Threads() int { return p.orShared().threads }

// Close ends the pool's goroutines. The pool must be idle, and is not to be
// used again. Close of a nil pool does nothing.
func (p *Pool) Close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed.Swap(true) {
		return
	}
	for i := 1; i < p.threads; i++ {
		p.signal(i)
	}
}

// Run calls f(task, worker) once for every task in [0, tasks), on the pool's
// threads; worker is below Threads, and no two calls run at once with the same
// one. f must not panic and must not call the pool.
func (pool *Pool) Run(tasks int, f func(task, worker int)) {
	p := pool.lock()
	defer p.mu.Unlock()
	p.run(tasks, f)
}

// run is Run for operations that hold the lock already.
func (p *Pool) run(tasks int, f func(task, worker int)) {
	if tasks <= 1 || p.threads == 1 {
		for t := range tasks {
			f(t, 0)
		}
		return
	}
	p.job, p.tasks = f, int64(tasks)
	p.next.Store(0)
	p.done.Store(0)
	p.state.Store(p.state.Load()&^(joinedMask|openBit) + turnUnit | openBit)
	for i := 1; i < p.threads; i++ {
		if p.parked[i].Load() {
			p.signal(i)
		}
	}
	p.work(0)
	// Close the job, so that a helper which wakes only now leaves it alone, and
	// wait for those that joined.
	joined := int64(p.state.And(^uint64(openBit)) & joinedMask)
	for looks := 0; p.done.Load() != joined; looks++ {
		if looks < joinLooks {
			continue
		}
		p.waiting.Store(true)
		if p.done.Load() != joined {
			<-p.joined // a stale signal only makes for another look
		}
		p.waiting.Store(false)
		looks = 0
	}
	p.job = nil
}

func (p *Pool) work(id int) {
	for {
		t := p.next.Add(1) - 1
		if t >= p.tasks {
			return
		}
		p.job(int(t), id)
	}
}

func (p *Pool) signal(id int) { send(p.wake[id]) }

func send(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // a signal is waiting already
	}
}

func (p *Pool) help(id int) {
	var seen uint64
	for looks := 0; ; looks++ {
		s := p.state.Load()
		switch {
		case s/turnUnit != seen && s&openBit != 0:
			if p.state.CompareAndSwap(s, s+1) {
				p.work(id)
				p.done.Add(1)
				if p.waiting.Load() {
					send(p.joined)
				}
				seen, looks = s/turnUnit, 0
			}
		case p.closed.Load():
			return
		case looks > spinLooks:
			p.parked[id].Store(true)
			// A job opened between the last look and the flag has sent no
			// signal: look once more before sleeping.
			if s := p.state.Load(); s/turnUnit == seen || s&openBit == 0 {
				if !p.closed.Load() {
					<-p.wake[id]
				}
			}
			p.parked[id].Store(false)
			looks = 0
		}
	}
}

// floats returns n floats of scratch shared by the workers, with any content.
func (p *Pool) floats(n int) []float32 {
	return grow(&p.arena, n)
}

// A worker owns the scratch of one thread.
type worker struct {
	tile tile
	rows [maxRows]int               // byte offsets of a tile's rows in its result
	edge [maxRows * maxCols]float32 // a tile that hangs over the last column
	bufs [2][]float32

	mid   [6 * 6 * 2 * midRun]float32 // between the two steps of a transform
	list  [6 * 6]*float32             // the places of its vectors
	aside []float32                   // a tile that reaches past the border
}

// floats returns n floats of the worker's scratch, with any content: buffer 0
// for packed rows or panels, 1 for a product that is scattered afterwards.
func (w *worker) floats(buf, n int) []float32 {
	return grow(&w.bufs[buf], n)
}

// grow returns n floats of s, with any content.
func grow(s *[]float32, n int) []float32 {
	if len(*s) < n {
		*s = make([]float32, n)
	}
	return (*s)[:n]
}
