package run

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"dcganviz/model/train"
)

// A lossTable is the table of a run's losses, on disk and in memory.
//
// Rows are appended. After a crash the file may have rows of steps after the
// checkpoint, and a torn one at the end. Resuming cuts them off.
type lossTable struct {
	f    *os.File
	w    *bufio.Writer
	row  []byte
	rows []train.Stats // with the precision of the file
}

// LossColumns is the first line of LossesFile.
const LossColumns = "step,epoch,loss_d,loss_d_real,loss_d_fake,loss_g,score_real,score_fake,score_g,gradient_d,gradient_g"

// openLosses opens the table of a run that has made the given steps.
func openLosses(path string, step int) (*lossTable, error) {
	l := new(lossTable)
	kept := []byte(LossColumns + "\n")
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
		return nil, unwritten(err)
	}
	l.f, l.w = f, bufio.NewWriter(f)
	return l, nil
}

// readBack returns the table up to a step. A table that is not there is begun
// anew: it is a by-product.
func (l *lossTable) readBack(path string, step int) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return []byte(LossColumns + "\n"), nil
	} else if err != nil {
		return nil, err
	}
	head, rest, _ := bytes.Cut(text, []byte("\n"))
	end := len(text) - len(rest)
	wrong := func(line int, got, want string) error {
		return refused("%s: line %d is %.60q, want %s: remove the file to go on without the losses so far", path, line, got, want)
	}
	if string(head) != LossColumns {
		return nil, wrong(1, string(head), LossColumns)
	}
	for line := 2; ; line++ {
		row, after, whole := bytes.Cut(rest, []byte("\n"))
		if !whole {
			return text[:end], nil
		}
		s, err := parseLosses(string(row))
		if err != nil || len(l.rows) > 0 && s.Step <= l.rows[len(l.rows)-1].Step {
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

// keep rounds a step's numbers as the file does, so that a run that is resumed has
// the same rows.
func (l *lossTable) keep(s train.Stats) {
	for _, v := range columns(&s) {
		*v = float64(float32(*v))
	}
	l.rows = append(l.rows, s)
}

// columns returns a row's numbers after the step.
func columns(s *train.Stats) []*float64 {
	return []*float64{&s.Epoch, &s.LossD, &s.LossDReal, &s.LossDFake, &s.LossG, &s.ScoreReal, &s.ScoreFake, &s.ScoreG, &s.GradNormD, &s.GradNormG}
}

func parseLosses(row string) (s train.Stats, err error) {
	fields := strings.Split(row, ",")
	values := columns(&s)
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
func (l *lossTable) add(s train.Stats) error {
	l.keep(s)
	l.row = strconv.AppendInt(l.row[:0], int64(s.Step), 10)
	for _, v := range columns(&s) {
		l.row = strconv.AppendFloat(append(l.row, ','), *v, 'g', -1, 32)
	}
	if _, err := l.w.Write(append(l.row, '\n')); err != nil {
		return unwritten(err)
	}
	return nil
}

// flush brings all rows to the disk.
func (l *lossTable) flush() error {
	err := l.w.Flush()
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		return unwritten(err)
	}
	return nil
}

// close closes the file. Rows that were not flushed may be lost.
func (l *lossTable) close() {
	l.w.Flush()
	l.f.Close()
}
