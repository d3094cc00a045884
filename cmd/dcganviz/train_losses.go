package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"dcganviz/model/train"
	"dcganviz/viz"
)

// A lossLog is the table of a run's losses, on disk and for the plot.
//
// Rows are appended; after a crash there may be rows that the checkpoint knows
// nothing of, and a torn one at the end. Resuming cuts them off.
type lossLog struct {
	f      *os.File
	w      *bufio.Writer
	row    []byte
	losses viz.Losses
}

const lossColumns = "step,epoch,loss_d,loss_d_real,loss_d_fake,loss_g,score_real,score_fake,score_g,gradient_d,gradient_g"

// openLossLog opens the table of a run that has made the given steps.
func openLossLog(path string, step int) (*lossLog, error) {
	l := new(lossLog)
	kept := []byte(lossColumns + "\n")
	if step > 0 {
		var err error
		if kept, err = l.readBack(path, step); err != nil {
			return nil, err
		}
	}
	if err := replaceFile(path, kept); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, &coded{err, exitOutput}
	}
	l.f, l.w = f, bufio.NewWriter(f)
	return l, nil
}

// readBack returns the table up to a step. A table that is not there is begun
// anew: it is a by-product.
func (l *lossLog) readBack(path string, step int) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return []byte(lossColumns + "\n"), nil
	} else if err != nil {
		return nil, err
	}
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	end := len(text) - len(rest)
	wrong := func(line int, got, want string) error {
		return &coded{fmt.Errorf("%s: line %d is %.60q, want %s: remove the file to go on without the losses so far", path, line, got, want), exitRefused}
	}
	if string(head) != lossColumns {
		return nil, wrong(1, string(head), lossColumns)
	}
	for line := 2; ; line++ {
		row, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return text[:end], nil
		}
		s, err := parseLosses(string(row))
		if err != nil || len(l.losses.Steps) > 0 && s.Step <= l.losses.Steps[len(l.losses.Steps)-1] {
			return nil, wrong(line, string(row), "the next step's numbers")
		}
		if s.Step > step {
			return text[:end], nil
		}
		l.keep(s)
		rest = after
		end = len(text) - len(rest)
	}
}

// rounded returns what the table keeps of a figure.
func rounded(v float64) float64 { return float64(float32(v)) }

func (l *lossLog) keep(s train.Stats) {
	x := &l.losses
	x.Steps = append(x.Steps, s.Step)
	x.D = append(x.D, rounded(s.LossD))
	x.G = append(x.G, rounded(s.LossG))
	x.RealScores = append(x.RealScores, rounded(s.ScoreReal))
	x.FakeScores = append(x.FakeScores, rounded(s.ScoreFake))
}

// figures returns a row's numbers after the step.
func figures(s *train.Stats) []*float64 {
	return []*float64{
		&s.Epoch, &s.LossD, &s.LossDReal, &s.LossDFake, &s.LossG,
		&s.ScoreReal, &s.ScoreFake, &s.ScoreG, &s.GradNormD, &s.GradNormG,
	}
}

func parseLosses(row string) (s train.Stats, err error) {
	fields := strings.Split(row, ",")
	values := figures(&s)
	if len(fields) != 1+len(values) {
		return s, errors.New("number of columns")
	}
	if s.Step, err = strconv.Atoi(fields[0]); err != nil {
		return s, err
	}
	for i, v := range values {
		if *v, err = strconv.ParseFloat(fields[i+1], 32); err != nil {
			return s, err
		}
	}
	return s, nil
}

// add appends a step. It is on the disk after flush.
func (l *lossLog) add(s train.Stats) error {
	l.keep(s)
	l.row = strconv.AppendInt(l.row[:0], int64(s.Step), 10)
	for _, v := range figures(&s) {
		l.row = strconv.AppendFloat(append(l.row, ','), *v, 'g', -1, 32)
	}
	if _, err := l.w.Write(append(l.row, '\n')); err != nil {
		return &coded{err, exitOutput}
	}
	return nil
}

// flush brings all rows to the disk.
func (l *lossLog) flush() error {
	err := l.w.Flush()
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		return &coded{err, exitOutput}
	}
	return nil
}

// close closes the file. Rows that were not flushed may be lost.
func (l *lossLog) close() {
	l.w.Flush()
	l.f.Close()
}
