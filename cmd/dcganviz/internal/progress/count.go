package progress

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"dcganviz/internal/plain"
)

// A Count shows how much of a command's work is done: on a terminal by a bar,
// which goes when all is done, elsewhere by a line now and then. Work that is
// done at once prints no line.
type Count struct {
	w       io.Writer
	now     func() time.Time
	what    string
	n       int
	printed time.Time

	mu   sync.Mutex // the bar is drawn by a goroutine of its own
	text string
	bars *mpb.Progress // nil where there is no terminal
	bar  *mpb.Bar
}

// NewCount begins a count of n. what names what is counted, such as "images
// drawn"; now is the clock.
func NewCount(w io.Writer, now func() time.Time, what string, n int) *Count {
	c := &Count{w: w, now: now, what: what, n: n, printed: now()}
	if isTerminal(w) {
		c.draw()
	}
	return c
}

// draw begins a bar.
func (c *Count) draw(options ...mpb.ContainerOption) {
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

// Describe sets what is shown beside the count.
func (c *Count) Describe(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = "  " + plain.Line(fmt.Sprintf(format, args...)) // a bar goes beside the filter of text
}

// Part says that done parts of the work are done, out of as many as of says. what is the
// part that comes next.
func (c *Count) Part(what string, done, of int) {
	c.n = of
	c.Describe("%s", what)
	if c.bar != nil {
		c.bar.SetTotal(int64(of), false)
	}
	c.Reach(done)
}

// Reach says that done of n are done.
func (c *Count) Reach(done int) {
	if c.bar != nil {
		c.bar.SetCurrent(int64(done))
		return
	}
	if now := c.now(); done < c.n && now.Sub(c.printed) >= lineEvery {
		c.printed = now
		fmt.Fprintf(c.w, "%s %d/%d%s\n", c.what, done, c.n, c.text)
	}
}

// Close removes the bar, which an interruption leaves incomplete.
func (c *Count) Close() {
	if c.bar != nil {
		c.bar.Abort(true) // a complete bar ignores it
		c.bars.Wait()
	}
}
