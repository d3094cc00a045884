package run

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/fileio"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

func statsOf(step int) train.Stats {
	v := float64(step)
	return train.Stats{
		Step: step, Epoch: v / 3, LossD: v + 0.1, LossDReal: v + 0.2, LossDFake: v + 0.3, LossG: v + 0.4,
		ScoreReal: 0.5, ScoreFake: 0.25, ScoreG: 0.125, GradNormD: v * 10, GradNormG: v * 20,
	}
}

// logSteps opens the table at a step and adds rows.
func logSteps(t *testing.T, path string, at int, steps ...int) *lossTable {
	t.Helper()
	l, err := openLosses(fileio.Folder(filepath.Dir(path)), filepath.Base(path), at)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		if err := l.add(statsOf(s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.flush(); err != nil {
		t.Fatal(err)
	}
	l.close()
	return l
}

// stepsOf returns the steps of the rows in memory.
func stepsOf(l *lossTable) (steps []int) {
	for _, s := range l.rows {
		steps = append(steps, s.Step)
	}
	return steps
}

// TestLossesForgetsWhatTheCheckpointDoesNotKnow resumes from step 3 after a
// crash at step 6, in the middle of a row.
func TestLossesForgetsWhatTheCheckpointDoesNotKnow(t *testing.T) {
	dir := t.TempDir()
	straight := filepath.Join(dir, "straight.csv")
	want := logSteps(t, straight, 0, 1, 2, 3, 4, 5)
	for cut := range 30 {
		path := filepath.Join(dir, "crashed.csv")
		logSteps(t, path, 0, 1, 2, 3, 4, 5, 6)
		b := read(t, path)
		if err := os.WriteFile(path, b[:len(b)-cut], 0o666); err != nil {
			t.Fatal(err)
		}
		got := logSteps(t, path, 3, 4, 5)
		if a, b := read(t, path), read(t, straight); string(a) != string(b) {
			t.Fatalf("cut by %d: the table is\n%s, want\n%s", cut, a, b)
		}
		if !slices.Equal(got.rows, want.rows) {
			t.Fatalf("cut by %d: the plot gets\n%+v, want\n%+v", cut, got.rows, want.rows)
		}
	}
}

func TestLossesHoldsEveryFigure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "losses.csv")
	logSteps(t, path, 0, 7)
	lines := strings.Split(string(read(t, path)), "\n")
	if want := "7,2.3333333,7.1,7.2,7.3,7.4,0.5,0.25,0.125,70,140"; lines[0] != LossColumns || lines[1] != want {
		t.Errorf("the table is\n%s\n%s, want\n%s\n%s", lines[0], lines[1], LossColumns, want)
	}
}

func TestLossesThatIsGoneIsBegunAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "losses.csv")
	if l := logSteps(t, path, 3, 4); !slices.Equal(stepsOf(l), []int{4}) {
		t.Errorf("steps %v, want 4 alone", stepsOf(l))
	}
	if l := logSteps(t, path, 4, 5); !slices.Equal(stepsOf(l), []int{4, 5}) {
		t.Errorf("steps %v, want 4 and 5", stepsOf(l))
	}
}

func TestLossesRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "losses.csv")
	for says, text := range map[string]string{
		"line 1": "time,money\n1,2\n",
		"line 2": LossColumns + "\n1,2,3\n",
		"line 3": LossColumns + "\n1,1,1,1,1,1,1,1,1,1,1\n1,1,1,1,1,1,1,1,1,1,1\n",
		`,NaN,`:  LossColumns + "\n1,NaN,1,1,1,1,1,1,1,1,1\n",
		`,-Inf"`: LossColumns + "\n1,1,1,1,1,1,1,1,1,1,-Inf\n",
		`"-1,1`:  LossColumns + "\n-1,1,1,1,1,1,1,1,1,1,1\n",
		`"7,1`:   LossColumns + "\n7,1,1,1,1,1,1,1,1,1,1" + strings.Repeat("0", 2000) + "\n",
		`"step`:  LossColumns,
		`"x,1`:   LossColumns + "\nx,1,1,1,1,1,1,1,1,1,1\n",
	} {
		write(t, path, []byte(text))
		_, err := openLosses(fileio.Folder(filepath.Dir(path)), filepath.Base(path), 9)
		if err == nil || !strings.Contains(err.Error(), says) || !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%v, want %q in it", err, says)
		}
		if got := string(read(t, path)); got != text {
			t.Errorf("the table is %q now, want %q", got, text)
		}
	}
}

// TestLossesAreBoundedInMemory adds more rows than are kept. A run that is resumed has
// the same.
func TestLossesAreBoundedInMemory(t *testing.T) {
	const steps = 5*mostRows/2 + 7
	path := filepath.Join(t.TempDir(), "losses.csv")
	var all []int
	for s := range steps {
		all = append(all, s+1)
	}
	l := logSteps(t, path, 0, all...)
	if len(l.rows) > mostRows || len(l.recent) > 2*averaged {
		t.Errorf("%d and %d rows are in memory, want at most %d and %d", len(l.rows), len(l.recent), mostRows, 2*averaged)
	}
	for i, s := range stepsOf(l) {
		if s != 1+4*i {
			t.Fatalf("row %d is of step %d, want %d", i, s, 1+4*i)
		}
	}
	if last := l.last(); len(last) != averaged || last[averaged-1].Step != steps || last[0].Step != steps-averaged+1 {
		t.Errorf("the last rows are %d of steps %d to %d", len(last), last[0].Step, last[len(last)-1].Step)
	}
	again := logSteps(t, path, steps)
	if !slices.Equal(again.rows, l.rows) || !slices.Equal(again.last(), l.last()) {
		t.Error("a resumed run has other rows")
	}
}
