package progress

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"

	"dcganviz/model/train"
)

func TestPaceByHand(t *testing.T) {
	at := time.Unix(0, 0)
	p := pace{steps: 1000, batch: 64, last: at, now: func() time.Time { return at }}
	if got := p.String(); got != "" {
		t.Errorf("before the first step: %q", got)
	}
	for i := range 100 {
		at = at.Add(500 * time.Millisecond)
		p.add(train.Stats{Step: i + 1, Epoch: 1.25, LossD: 0.5, LossG: 2})
	}
	if got, want := p.String(), "epoch 1.2  128 images/s  D 0.500  G 2.000  7m30s left"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// Twice as slow for a minute: the average has followed.
	for range 60 {
		at = at.Add(time.Second)
		p.add(train.Stats{Step: 1000})
	}
	if speed := p.perStep.Seconds(); !(speed > 0.9 && speed <= 1) {
		t.Errorf("%g s a step, want almost 1", speed)
	}
}

func TestTimeLeft(t *testing.T) {
	for want, d := range map[string]time.Duration{"0s": 0, "59s": 59 * time.Second, "1m05s": 65 * time.Second, "2h03m": 2*time.Hour + 3*time.Minute + 59*time.Second} {
		p := pace{steps: 1, perStep: d}
		if got := p.left(); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// TestLinesAreFew: in a log there is a first line, a last one, and few between.
func TestLinesAreFew(t *testing.T) {
	var b bytes.Buffer
	p := NewTraining(&b, time.Now, 50, 0, 4)
	for i := range 50 {
		p.Step(train.Stats{Step: i + 1})
	}
	p.Close()
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "step 1/50 ") || !strings.HasPrefix(lines[1], "step 50/50 ") {
		t.Errorf("lines are\n%s", b.String())
	}
}

// TestBarShowsTheFigures draws the bar of a terminal.
func TestBarShowsTheFigures(t *testing.T) {
	var b bytes.Buffer
	p := newBar(&b, pace{steps: 3, batch: 4, now: time.Now, last: time.Now()}, 1, mpb.ForceAutoRefresh())
	p.Step(train.Stats{Step: 2, Epoch: 0.5, LossD: 1.25, LossG: 0.75})
	p.Step(train.Stats{Step: 3, Epoch: 0.8, LossD: 1.5, LossG: 0.5})
	p.Close()
	for _, s := range []string{"step 3/3", "epoch 0.8", "images/s", "D 1.500  G 0.500", "left"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("%q is not in\n%s", s, b.String())
		}
	}
}

// TestCountShowsTheImages draws the bar of a terminal, for images.
func TestCountShowsTheImages(t *testing.T) {
	for _, done := range []int{20, 13} { // to the end, and interrupted
		var b bytes.Buffer
		c := &Count{w: &b, now: time.Now, what: "images drawn", n: 20}
		c.draw(mpb.ForceAutoRefresh())
		c.Reach(done)
		c.Close()
		if want := "images drawn " + strconv.Itoa(done) + "/20"; !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%q", want, &b)
		}
	}
}

// TestCountInALogIsRare: no line before there is something to wait for.
func TestCountInALogIsRare(t *testing.T) {
	var b bytes.Buffer
	at := time.Unix(0, 0)
	const part = 256
	c := NewCount(&b, func() time.Time { return at }, "images scored", 9*part)
	c.Reach(part)
	if b.Len() > 0 {
		t.Errorf("at once there is %q", &b)
	}
	at = at.Add(lineEvery)
	c.Reach(2 * part)
	c.Reach(3 * part)
	c.Close()
	if got, want := b.String(), "images scored 512/2304\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCountEscapesItsText: a bar's own escapes go to the terminal as they are, what is
// counted does not.
func TestCountEscapesItsText(t *testing.T) {
	var b bytes.Buffer
	c := &Count{w: &b, now: time.Now, what: "parts", n: 2}
	c.draw(mpb.ForceAutoRefresh())
	c.Part("up1\x1b]0;pwn\a\u202e\n", 1, 2)
	c.Close()
	if !strings.Contains(b.String(), `up1\x1b]0;pwn\x07\u202e\n`) || strings.Contains(b.String(), "\x1b]0") {
		t.Errorf("%q", &b)
	}
}
