package main

import (
	"fmt"
	"io"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// A count shows how many of a command's images are done: by a bar that goes
// when they all are on a terminal, by a line now and then elsewhere. What is
// done at once shows nothing.
type count struct {
	w       io.Writer
	verb    string
	n       int
	printed time.Time
	bars    *mpb.Progress // nil where there is no terminal
	bar     *mpb.Bar
}

func newCount(w io.Writer, verb string, n int) *count {
	c := &count{w: w, verb: verb, n: n, printed: time.Now()}
	if n > part && isTerminal(w) {
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
		mpb.PrependDecorators(decor.CountersNoUnit(c.verb+" %d/%d images ")),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO), decor.Name(" left")))
}

// reach is called when the first done of the images are.
func (c *count) reach(done int) {
	if c.bar != nil {
		c.bar.SetCurrent(int64(done))
		return
	}
	if now := time.Now(); done < c.n && now.Sub(c.printed) >= lineEvery {
		c.printed = now
		fmt.Fprintf(c.w, "%s %d/%d images\n", c.verb, done, c.n)
	}
}

// close removes the bar, which an interruption leaves incomplete.
func (c *count) close() {
	if c.bar != nil {
		c.bar.Abort(true) // of a complete bar it does nothing
		c.bars.Wait()
	}
}
