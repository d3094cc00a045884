package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// A count shows how much of a command's work is done: by a bar that goes when
// all is on a terminal, by a line now and then elsewhere. What is done at once
// shows nothing.
type count struct {
	w       io.Writer
	what    string
	n       int
	printed time.Time

	mu   sync.Mutex // the bar is drawn by a goroutine of its own
	text string
	bars *mpb.Progress // nil where there is no terminal
	bar  *mpb.Bar
}

// newCount begins a count of n; what says of what, such as "images drawn".
func newCount(w io.Writer, what string, n int) *count {
	c := &count{w: w, what: what, n: n, printed: time.Now()}
	if isTerminal(w) {
		c.draw()
	}
	return c
}

// draw begins a bar.
func (c *count) draw(options ...mpb.ContainerOption) {
	c.bars = mpb.New(append(options, mpb.WithOutput(c.w), mpb.WithRefreshRate(200*time.Millisecond))...)
	c.bar = c.bars.AddBar(int64(c.n),
		mpb.BarWidth(30),
		mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit(c.what+" %d/%d ")),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO), decor.Any(func(decor.Statistics) string {
			c.mu.Lock()
			defer c.mu.Unlock()
			return " left  " + c.text
		})))
}

// figure sets what is shown beside the count.
func (c *count) figure(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = "  " + fmt.Sprintf(format, args...)
}

// part is called when done of so many parts of the work are, and the next begins.
func (c *count) part(what string, done, of int) {
	c.n = of
	c.figure("%s", what)
	if c.bar != nil {
		c.bar.SetTotal(int64(of), false)
	}
	c.reach(done)
}

// reach is called when the first done are.
func (c *count) reach(done int) {
	if c.bar != nil {
		c.bar.SetCurrent(int64(done))
		return
	}
	if now := time.Now(); done < c.n && now.Sub(c.printed) >= lineEvery {
		c.printed = now
		fmt.Fprintf(c.w, "%s %d/%d%s\n", c.what, done, c.n, c.text)
	}
}

// close removes the bar, which an interruption leaves incomplete.
func (c *count) close() {
	if c.bar != nil {
		c.bar.Abort(true) // of a complete bar it does nothing
		c.bars.Wait()
	}
}
