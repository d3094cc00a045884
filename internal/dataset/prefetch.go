package dataset

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
)

// Prefetcher loads the batches of a plan ahead of their use, in a goroutine of
// its own. It gives what the set itself would give, sooner.
type Prefetcher struct {
	set    *Set
	size   int // values in one picture
	ready  chan *batch
	free   chan *batch
	cancel context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex
	head *batch // the earliest batch not handed out, nil if not received yet
}

// batch is one step's pictures.
type batch struct {
	step    int
	indices []int
	data    []float32
	err     error
}

// PrefetchOptions says what a Prefetcher does.
type PrefetchOptions struct {
	// First is the first step. 0 means step 0.
	First int
	// Ahead is how many batches are held in memory, ready or being loaded. 0
	// means 3.
	Ahead int
}

// Prefetch starts loading the pictures plan(step) for step = First, First+1
// and so on, until plan returns none, ctx is done or Close is called. plan is
// called once a step, in order, from the Prefetcher's goroutine; it may return
// the same slice each time. The caller must Close the Prefetcher, before the
// set.
func (s *Set) Prefetch(ctx context.Context, plan func(step int) []int, o PrefetchOptions) *Prefetcher {
	if o.Ahead < 1 {
		o.Ahead = 3
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &Prefetcher{
		set: s, size: int(s.pictureBytes()), cancel: cancel, done: make(chan struct{}),
		ready: make(chan *batch, o.Ahead), free: make(chan *batch, o.Ahead),
	}
	for range o.Ahead {
		p.free <- new(batch)
	}
	go p.run(ctx, plan, o.First)
	return p
}

// run fills free batches until something ends it. It closes ready when no more
// will come.
func (p *Prefetcher) run(ctx context.Context, plan func(step int) []int, step int) {
	defer close(p.done)
	defer close(p.ready)
	for ; ; step++ {
		var b *batch
		select {
		case b = <-p.free:
		case <-ctx.Done():
			return
		}
		b.step = step
		b.indices = append(b.indices[:0], plan(step)...)
		if len(b.indices) == 0 {
			return
		}
		b.data = slices.Grow(b.data[:0], len(b.indices)*p.size)[:len(b.indices)*p.size]
		if b.err = p.set.Load(ctx, b.indices, b.data); ctx.Err() != nil {
			return
		}
		p.ready <- b // never blocks: there is room for every batch that exists
		if b.err != nil {
			return
		}
	}
}

// Next copies the next step's pictures to dst, as Set.Load would, and returns
// the step. After the plan's last step, or once the Prefetcher was cancelled
// or closed, the error is io.EOF or that of ctx; an error in loading a step is
// returned for that step and ends the plan.
func (p *Prefetcher) Next(ctx context.Context, dst []float32) (step int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, err := p.peek(ctx)
	if err != nil {
		return 0, err
	}
	step = b.step // before take gives b away
	if b.err == nil && len(dst) != len(b.data) {
		return step, fmt.Errorf("dataset: dst of %d values, want %d for step %d", len(dst), len(b.data), step)
	}
	return step, p.take(b, dst)
}

// Len returns the number of pictures in the set.
func (p *Prefetcher) Len() int { return p.set.Len() }

// Load is Set.Load, and takes the next step's batch if that holds just these
// indices: a caller that loads the plan's steps in order waits less and sees
// no other difference. Other indices are loaded on the spot, and the batch
// keeps waiting for its turn.
func (p *Prefetcher) Load(ctx context.Context, indices []int, dst []float32) error {
	p.mu.Lock()
	b, err := p.peek(ctx)
	if err == nil && slices.Equal(b.indices, indices) && len(dst) == len(b.data) {
		defer p.mu.Unlock()
		return p.take(b, dst)
	}
	p.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.set.Load(ctx, indices, dst)
}

// peek waits for the earliest batch and leaves it where it is.
func (p *Prefetcher) peek(ctx context.Context) (*batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.head != nil {
		return p.head, nil
	}
	select {
	case b, ok := <-p.ready:
		if !ok {
			return nil, io.EOF
		}
		p.head = b
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// take hands out the earliest batch and gives its buffers back.
func (p *Prefetcher) take(b *batch, dst []float32) error {
	p.head = nil
	if b.err != nil {
		return b.err
	}
	copy(dst, b.data)
	p.free <- b
	return nil
}

// Close stops loading ahead and waits until its goroutine has ended. Batches
// that were ready stay so. Closing again does nothing.
func (p *Prefetcher) Close() {
	p.cancel()
	<-p.done
}
