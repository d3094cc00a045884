package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"dcganviz/model/train"
)

// Training shows how far training has come.
type Training interface {
	// Step is called after each step.
	Step(train.Stats)
	// Close is called after the last one.
	Close()
}

// NewTraining shows a bar on a terminal, and lines elsewhere. from steps of all
// steps were made before; a step takes batch images. now is the clock.
func NewTraining(w io.Writer, now func() time.Time, steps, from, batch int) Training {
	p := pace{steps: steps, batch: batch, now: now, last: now()}
	if isTerminal(w) {
		return newBar(w, p, from)
	}
	return &lines{w: w, pace: p}
}

// isTerminal reports whether w can show a bar.
func isTerminal(w io.Writer) bool {
	if os.Getenv("TERM") == "dumb" {
		return false
	}
	c := cupwriter.New(w, false)
	if !c.IsTerminal() {
		return false
	}
	width, _, err := c.GetTermSize()
	return err == nil && width > 0
}

// A pace holds the latest figures and the speed.
type pace struct {
	steps, batch int
	stats        train.Stats
	now          func() time.Time
	last         time.Time
	perStep      time.Duration // moving average, 0 before the first step
}

// paceMemory is how long the average of the speed looks back.
const paceMemory = 20 * time.Second

// add takes the figures of a step that ends now.
func (p *pace) add(s train.Stats) {
	now := p.now()
	took := now.Sub(p.last)
	p.stats, p.last = s, now
	if p.perStep == 0 {
		p.perStep = took
		return
	}
	share := min(1, float64(took)/float64(paceMemory))
	// A slow step, such as one with a save, weighs by its time. A fast one weighs
	// at least a little, so that the average follows.
	share = max(share, 0.02)
	p.perStep += time.Duration(share * float64(took-p.perStep))
}

func (p *pace) String() string {
	if p.perStep == 0 {
		return ""
	}
	return fmt.Sprintf("epoch %.1f  %.0f images/s  D %.3f  G %.3f  %s left",
		p.stats.Epoch, float64(p.batch)/p.perStep.Seconds(), p.stats.LossD, p.stats.LossG, p.left())
}

// left is how long the remaining steps will take.
func (p *pace) left() string {
	d := time.Duration(p.steps-p.stats.Step) * p.perStep
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// A bar is progress on a terminal.
type bar struct {
	mu       sync.Mutex // the bar is drawn by a goroutine of its own
	pace     pace
	progress *mpb.Progress
	bar      *mpb.Bar
}

func newBar(w io.Writer, p pace, from int, options ...mpb.ContainerOption) *bar {
	b := &bar{pace: p}
	b.progress = mpb.New(append(options, mpb.WithOutput(w), mpb.WithRefreshRate(200*time.Millisecond))...)
	b.bar = b.progress.AddBar(int64(p.steps),
		mpb.BarWidth(30),
		mpb.PrependDecorators(decor.CountersNoUnit("step %d/%d ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			b.mu.Lock()
			defer b.mu.Unlock()
			return " " + b.pace.String()
		})))
	b.bar.SetCurrent(int64(from))
	return b
}

// Step moves the bar.
func (b *bar) Step(s train.Stats) {
	b.mu.Lock()
	b.pace.add(s)
	b.mu.Unlock()
	b.bar.SetCurrent(int64(s.Step))
}

// Close leaves the bar as it is.
func (b *bar) Close() {
	b.bar.Abort(false) // a complete bar ignores it
	b.progress.Wait()
}

// lines is progress in a log.
type lines struct {
	w       io.Writer
	pace    pace
	printed time.Time
}

// lineEvery is the time between two lines.
const lineEvery = 10 * time.Second

// Step prints a line if it is time for one.
func (l *lines) Step(s train.Stats) {
	l.pace.add(s)
	if l.pace.last.Sub(l.printed) < lineEvery && s.Step != l.pace.steps {
		return
	}
	l.printed = l.pace.last
	fmt.Fprintf(l.w, "step %d/%d  %s\n", s.Step, l.pace.steps, &l.pace)
}

// Close does nothing: the last step has printed its line.
func (l *lines) Close() {}
