package dataset

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// plan gives 20 steps of 1 to 4 pictures out of 12, through one slice.
func plan() func(step int) []int {
	var buf []int
	return func(step int) []int {
		buf = buf[:0]
		if step == 20 {
			return nil
		}
		for k := range step%4 + 1 {
			buf = append(buf, (step*5+k*7)%12)
		}
		return buf
	}
}

// settle waits for the goroutines of a test to end.
func settle(t *testing.T, want int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= want {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines, want at most %d", runtime.NumGoroutine(), want)
}

func TestPrefetchedStepsAreLoadedSteps(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := mustOpen(t, facades, Options{Size: 8, MemoryLimit: limit})
		for _, ahead := range []int{0, 1, 5} {
			before := runtime.NumGoroutine()
			p := s.Prefetch(t.Context(), plan(), PrefetchOptions{First: 3, Ahead: ahead})
			steps := plan()
			for step := 3; step < 20; step++ {
				indices := slices.Clone(steps(step))
				want := load(t, s, indices...)
				dst := make([]float32, len(want))
				if step%2 == 0 {
					if got, err := p.Next(t.Context(), dst); err != nil || got != step {
						t.Fatalf("Next gave step %d, %v, want %d", got, err, step)
					}
				} else if err := p.Load(t.Context(), indices, dst); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(toBytes(dst), want) {
					t.Fatalf("ahead %d: step %d differs from Load", ahead, step)
				}
			}
			if _, err := p.Next(t.Context(), nil); err != io.EOF {
				t.Errorf("after the last step: %v, want io.EOF", err)
			}
			p.Close()
			settle(t, before)
		}
	}
}

func TestPrefetcherLoadsOtherIndicesToo(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 8})
	p := s.Prefetch(t.Context(), plan(), PrefetchOptions{})
	defer p.Close()
	if p.Len() != s.Len() {
		t.Errorf("Len is %d, want %d", p.Len(), s.Len())
	}
	first := slices.Clone(plan()(0))
	for _, indices := range [][]int{{11, 10, 9}, first, {11}, {}, first} { // the last no longer as planned
		want := load(t, s, indices...)
		dst := make([]float32, len(want))
		if err := p.Load(t.Context(), indices, dst); err != nil || !bytes.Equal(toBytes(dst), want) {
			t.Errorf("%v: pixels differ (%v)", indices, err)
		}
	}
	// The plan goes on where it was.
	if step, err := p.Next(t.Context(), make([]float32, 2*192)); step != 1 || err != nil {
		t.Errorf("Next gave step %d, %v, want 1", step, err)
	}
	if _, err := p.Next(t.Context(), make([]float32, 1)); err == nil || !strings.Contains(err.Error(), "step 2") {
		t.Errorf("a short dst: %v, want an error for step 2", err)
	}
	if step, err := p.Next(t.Context(), make([]float32, 3*192)); step != 2 || err != nil {
		t.Errorf("Next gave step %d, %v, want 2 again", step, err)
	}
}

func TestPrefetcherStopsWhenCancelledOrClosed(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 8, MemoryLimit: -1})
	forever := func(step int) []int { return []int{step % 12, (step + 5) % 12} }
	for _, name := range []string{"cancel", "close", "close twice", "close at once"} {
		before := runtime.NumGoroutine()
		ctx, cancel := context.WithCancel(t.Context())
		p := s.Prefetch(ctx, forever, PrefetchOptions{Ahead: 2})
		dst := make([]float32, 2*192)
		if name != "close at once" {
			if _, err := p.Next(ctx, dst); err != nil {
				t.Fatal(err)
			}
		}
		switch name {
		case "cancel":
			cancel()
			if _, err := p.Next(ctx, dst); !errors.Is(err, context.Canceled) {
				t.Errorf("Next after cancel: %v", err)
			}
			if err := p.Load(ctx, []int{0, 0}, dst); !errors.Is(err, context.Canceled) {
				t.Errorf("Load after cancel: %v", err)
			}
			settle(t, before) // without Close
		case "close twice":
			p.Close()
		}
		p.Close()
		for range 4 { // whatever was ready, then the end
			if _, err := p.Next(t.Context(), dst); err != nil && err != io.EOF {
				t.Errorf("%s: Next after the end: %v", name, err)
			}
		}
		if err := p.Load(t.Context(), []int{7, 7}, dst); err != nil {
			t.Errorf("%s: Load after the end: %v", name, err)
		}
		settle(t, before)
		cancel()
	}
}

func TestWaitingForPrefetcherStopsWithItsContext(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 8})
	hold := make(chan struct{})
	p := s.Prefetch(t.Context(), func(int) []int { <-hold; return nil }, PrefetchOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := p.Next(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	close(hold)
	p.Close()
}

func TestPrefetcherReportsAnErrorAtItsStep(t *testing.T) {
	dir := mixed(t)
	if err := os.Remove(filepath.Join(dir, "0.png")); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, dir, Options{Size: 2, Channels: 1, Strict: true})
	p := s.Prefetch(t.Context(), func(step int) []int { return []int{[]int{0, 3, 1, 4}[step]} }, PrefetchOptions{})
	defer p.Close()
	dst := make([]float32, 4)
	for step := range 2 {
		if _, err := p.Next(t.Context(), dst); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
	}
	if step, err := p.Next(t.Context(), dst); step != 2 || !errors.Is(err, ErrCorrupt) {
		t.Errorf("step %d, %v, want step 2 corrupt", step, err)
	}
	if _, err := p.Next(t.Context(), dst); err != io.EOF {
		t.Errorf("after the error: %v, want io.EOF", err)
	}
	if err := p.Load(t.Context(), []int{4}, dst); err != nil {
		t.Errorf("Load of a good picture after the error: %v", err)
	}
}
