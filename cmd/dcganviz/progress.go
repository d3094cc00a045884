package main

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

// A progress shows how far training has come.
type progress interface {
	// step is called after each step.
	step(train.Stats)
	close()
}

// newProgress shows a bar on a terminal, and lines elsewhere. from is how many
// of the steps were made before.
func newProgress(w io.Writer, steps, from, batch int) progress {
	p := pace{steps: steps, batch: batch, last: time.Now()}
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

// A pace is the latest figures and the speed.
type pace struct {
	steps, batch int
	stats        train.Stats
	last         time.Time
	perStep      time.Duration // moving average, 0 before the first step
}

// paceMemory is how long the average of the speed looks back.
const paceMemory = 20 * time.Second

func (p *pace) add(s train.Stats, now time.Time) {
	took := now.Sub(p.last)
	p.stats, p.last = s, now
	if p.perStep == 0 {
		p.perStep = took
		return
	}
	share := min(1, float64(took)/float64(paceMemory))
	// A slow step, one with a save, weighs by its time; a fast one by at least
	// a little, so that the average finds its place.
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

func (b *bar) step(s train.Stats) {
	b.mu.Lock()
	b.pace.add(s, time.Now())
	b.mu.Unlock()
	b.bar.SetCurrent(int64(s.Step))
}

// close leaves the bar as it is last.
func (b *bar) close() {
	b.bar.Abort(false) // of a complete bar it does nothing
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

func (l *lines) step(s train.Stats) {
	now := time.Now()
	l.pace.add(s, now)
	if now.Sub(l.printed) < lineEvery && s.Step != l.pace.steps {
		return
	}
	l.printed = now
	fmt.Fprintf(l.w, "step %d/%d  %s\n", s.Step, l.pace.steps, &l.pace)
}

func (l *lines) close() {}
