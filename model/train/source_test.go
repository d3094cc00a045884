package train

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"dcganviz/model"
)

// pictures is a Source that makes its pictures up: smooth blobs of colour.
type pictures struct {
	n     int
	shape dims
	seed  uint64
	loads atomic.Int64
	// spoil, if set, may change what Load gives or fail it.
	spoil func(ctx context.Context, indices []int, dst []float32) error
}

func (p *pictures) Len() int { return p.n }

func (p *pictures) Load(ctx context.Context, indices []int, dst []float32) error {
	p.loads.Add(1)
	if err := ctx.Err(); err != nil {
		return err
	}
	size := p.shape.floats()
	for k, i := range indices {
		p.draw(dst[k*size:(k+1)*size], i)
	}
	if p.spoil != nil {
		return p.spoil(ctx, indices, dst)
	}
	return nil
}

func (p *pictures) draw(dst []float32, i int) {
	r := rand.New(rand.NewPCG(p.seed, uint64(i)))
	cy, cx := r.Float32(), r.Float32()
	for y := range p.shape.h {
		for x := range p.shape.w {
			dy, dx := float32(y)/float32(p.shape.h)-cy, float32(x)/float32(p.shape.w)-cx
			for c := range p.shape.c {
				v := 1 - 4*(dy*dy+dx*dx)*float32(c+1)
				dst[(y*p.shape.w+x)*p.shape.c+c] = max(-1, v)
			}
		}
	}
}

func TestLoaderGivesWhatTheSourceGives(t *testing.T) {
	shape := dims{4, 5, 3}
	src := &pictures{n: 7, shape: shape}
	l := newLoader(src, 3, false, 4, shape)
	defer l.close()
	want := make([]float32, 4*shape.floats())
	indices := make([]int, 4)
	o := newOrder(3, 7)
	// In order, then back, as after an error.
	for _, step := range []int{0, 1, 2, 3, 4, 2, 3, 9, 0} {
		x, err := l.take(t.Context(), step)
		if err != nil {
			t.Fatal(err)
		}
		o.Batch(indices, step)
		for k, i := range indices {
			src.draw(want[k*shape.floats():(k+1)*shape.floats()], i)
		}
		if !slices.Equal(x, want) {
			t.Fatalf("step %d: not the pictures %v", step, indices)
		}
	}
}

func TestLoaderReadsOneStepAhead(t *testing.T) {
	shape := dims{2, 2, 1}
	src := &pictures{n: 9, shape: shape}
	l := newLoader(src, 3, false, 3, shape)
	for step := range 5 {
		if _, err := l.take(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	l.close()
	if n := src.loads.Load(); n != 6 {
		t.Errorf("%d loads for 5 steps, want 6", n)
	}
}

// TestLoaderFlipsRows checks that a flip mirrors left to right and nothing
// else, and that about half of the pictures are flipped.
func TestLoaderFlipsRows(t *testing.T) {
	shape := dims{3, 4, 3}
	src := &pictures{n: 50, shape: shape}
	l := newLoader(src, 3, true, 8, shape)
	defer l.close()
	indices := make([]int, 8)
	flipped, total := 0, 0
	for step := range 50 {
		x, err := l.take(t.Context(), step)
		if err != nil {
			t.Fatal(err)
		}
		l2 := newOrder(3, 50)
		l2.Batch(indices, step)
		for k, i := range indices {
			got := x[k*shape.floats() : (k+1)*shape.floats()]
			plain, mirrored := make([]float32, shape.floats()), make([]float32, shape.floats())
			src.draw(plain, i)
			for y := range shape.h {
				for x := range shape.w {
					for c := range shape.c {
						mirrored[(y*shape.w+x)*shape.c+c] = plain[(y*shape.w+shape.w-1-x)*shape.c+c]
					}
				}
			}
			switch {
			case slices.Equal(got, mirrored):
				flipped++
			case !slices.Equal(got, plain):
				t.Fatalf("step %d, picture %d: neither it nor its mirror image", step, i)
			}
			total++
		}
	}
	if flipped < total*4/10 || flipped > total*6/10 {
		t.Errorf("%d of %d flipped, want about half", flipped, total)
	}
}

func TestLoaderReturnsWhenItsCallerGivesUp(t *testing.T) {
	shape := dims{2, 2, 1}
	release := make(chan struct{})
	src := &pictures{n: 4, shape: shape}
	src.spoil = func(context.Context, []int, []float32) error {
		<-release
		return nil
	}
	l := newLoader(src, 1, false, 2, shape)
	defer l.close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.take(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want context.Canceled", err)
	}
	if src.loads.Load() != 0 {
		t.Error("a load was begun although the context had ended")
	}
	ctx, cancel = context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := l.take(ctx, 0)
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want context.Canceled", err)
	}
	close(release)
	if _, err := l.take(t.Context(), 0); err != nil {
		t.Fatalf("after a cancelled take: %v", err)
	}
}

func TestLoaderTriesAgainAfterAnError(t *testing.T) {
	shape := dims{2, 2, 1}
	broken := errors.New("broken")
	fail := true
	src := &pictures{n: 4, shape: shape}
	src.spoil = func(context.Context, []int, []float32) error {
		if fail {
			return broken
		}
		return nil
	}
	l := newLoader(src, 1, false, 2, shape)
	defer l.close()
	if _, err := l.take(t.Context(), 0); !errors.Is(err, broken) {
		t.Fatalf("%v, want the source's error", err)
	}
	fail = false
	if _, err := l.take(t.Context(), 0); err != nil {
		t.Fatalf("second try: %v", err)
	}
}

// inMemory is a Source of pictures made once.
type inMemory struct {
	size int
	x    []float32
}

func (m inMemory) Len() int { return len(m.x) / m.size }

func (m inMemory) Load(_ context.Context, indices []int, dst []float32) error {
	for k, i := range indices {
		copy(dst[k*m.size:(k+1)*m.size], m.x[i*m.size:(i+1)*m.size])
	}
	return nil
}

// stock makes 256 pictures for nets of cfg.
func stock(cfg model.Config) inMemory {
	p := &pictures{n: 256, shape: shapeOf(cfg)}
	m := inMemory{size: p.shape.floats(), x: make([]float32, 256*p.shape.floats())}
	for i := range p.n {
		p.draw(m.x[i*m.size:(i+1)*m.size], i)
	}
	return m
}
