package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"dcganviz/cmd/dcganviz/internal/progress"
)

// slowest are the figures that take longest. They are begun first, so that none of them is
// left to the end, alone.
var slowest = []string{"6", "signboard"}

// drawAll draws figures, two at a time where there are two threads: two figures on a
// thread each are done sooner than one after the other on both, for a part of each runs on
// one thread. An error of one ends the others.
func (c *figuresCmd) drawAll(e *env, figures []paperFigure) ([]drawnFigure, error) {
	ctx, cancel := context.WithCancelCause(e.ctx)
	defer cancel(nil)
	shown := &figuresShown{count: progress.NewCount(e.bar, time.Now, "figures drawn", len(figures))}
	defer shown.count.Close()
	drawn := make([]drawnFigure, len(figures))
	todo := make(chan int, len(figures))
	for _, i := range slowestFirst(figures) {
		todo <- i
	}
	close(todo)
	threads := cmp.Or(c.Threads, runtime.GOMAXPROCS(0))
	lanes := min(2, threads, len(figures))
	var wait sync.WaitGroup
	for lane := range lanes {
		wait.Go(func() {
			for i := range todo {
				if ctx.Err() != nil {
					return
				}
				shown.begin(figures[i].File)
				var err error
				if drawn[i], err = c.draw(ctx, e, figures[i], (threads+lane)/lanes); err != nil {
					cancel(fmt.Errorf("%s: %w", drawn[i].Command, err))
				}
				shown.end(figures[i].File)
			}
		})
	}
	wait.Wait()
	return drawn, context.Cause(ctx)
}

// slowestFirst returns the figures' indices in the order in which they are begun.
func slowestFirst(figures []paperFigure) []int {
	order := make([]int, len(figures))
	for i := range order {
		order[i] = i
	}
	place := func(i int) int {
		if at := slices.Index(slowest, figures[i].Number); at >= 0 {
			return at
		}
		return len(slowest)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(place(a), place(b)) })
	return order
}

// figuresShown shows which figures are being drawn, and how many are done.
type figuresShown struct {
	mu    sync.Mutex
	count *progress.Count
	files []string
	done  int
}

func (s *figuresShown) begin(file string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = append(s.files, file)
	s.show()
}

func (s *figuresShown) end(file string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = slices.DeleteFunc(s.files, func(f string) bool { return f == file })
	s.done++
	s.show()
}

func (s *figuresShown) show() {
	s.count.Describe("%s", strings.Join(s.files, ", "))
	s.count.Reach(s.done)
}
