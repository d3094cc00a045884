package run

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// A lossTable is the table of a run's losses, on disk and in part in memory.
//
// Rows are appended. After a crash the file may have rows of steps after the
// checkpoint, and a torn one at the end. Resuming cuts them off.
type lossTable struct {
	f      fileio.Appender
	w      *bufio.Writer
	row    []byte
	rows   []train.Stats // all or, of a long run, each 1<<thin-th, with the precision of the file
	thin   uint
	count  int           // of all rows
	recent []train.Stats // the last ones, see last
}

// mostRows bounds the rows in memory, whatever the file has. It is even.
const mostRows = 1 << 16

// mostRowBytes is more than a row of the file takes.
const mostRowBytes = 1 << 10

// LossColumns is the first line of LossesFile.
const LossColumns = "step,epoch,loss_d,loss_d_real,loss_d_fake,loss_g,score_real,score_fake,score_g,gradient_d,gradient_g"

// openLosses opens the table of a run that has made the given steps.
//
// A table that is not there is begun anew: it is a by-product.
func openLosses(folder fileio.Folder, name string, step int) (*lossTable, error) {
	l := new(lossTable)
	var kept io.Reader = strings.NewReader(LossColumns + "\n")
	var old *os.File
	if step > 0 {
		var size int64
		var err error
		if old, size, err = folder.Open(name); err == nil {
			defer old.Close()
			var end int64
			end, err = l.readBack(fileio.NewReader(old, size), folder.Join(name), step)
			kept = fileio.NewReader(old, end)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	err := folder.WriteFile(name, func(w io.Writer) error {
		_, err := io.Copy(w, kept)
		old.Close() // Windows does not replace a file that is open
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := folder.Append(name)
	if err != nil {
		return nil, unwritten(err)
	}
	l.f, l.w = f, bufio.NewWriter(f)
	return l, nil
}

// readBack reads the table of a path up to a step. It returns where that ends.
func (l *lossTable) readBack(r io.Reader, path string, step int) (end int64, err error) {
	text := bufio.NewReaderSize(r, mostRowBytes)
	before := 0 // the step of the row before
	for line := 1; ; line++ {
		row, err := text.ReadSlice('\n')
		torn, long := errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull)
		switch {
		case err != nil && !torn && !long:
			return 0, fmt.Errorf("%s: %w", path, err)
		case torn && line > 1:
			return end, nil
		}
		got, want := strings.TrimSuffix(string(row), "\n"), LossColumns
		right := got == want
		if line > 1 {
			s, err := parseLosses(got)
			want, right = "the next step's numbers", err == nil && s.Step > before
			if right && s.Step > step {
				return end, nil
			}
			if right {
				l.keep(s)
			}
			before = s.Step
		}
		if !right || torn || long {
			return 0, refused("%s: line %d is %.60q, want %s: remove the file to go on without the losses so far", path, line, got, want)
		}
		end += int64(len(row))
	}
}

// keep rounds a step's numbers as the file does, so that a run that is resumed has
// the same rows. It keeps them in memory, as far as there is room.
func (l *lossTable) keep(s train.Stats) {
	for _, v := range columns(&s) {
		*v = float64(float32(*v))
	}
	if l.count%(1<<l.thin) == 0 {
		if len(l.rows) == mostRows {
			for i := range mostRows / 2 {
				l.rows[i] = l.rows[2*i]
			}
			l.rows = l.rows[:mostRows/2]
			l.thin++
		}
		l.rows = append(l.rows, s)
	}
	l.count++
	if len(l.recent) == 2*averaged {
		l.recent = l.recent[:copy(l.recent, l.recent[averaged:])]
	}
	l.recent = append(l.recent, s)
}

// last returns the rows that a summary is of.
func (l *lossTable) last() []train.Stats { return l.recent[max(0, len(l.recent)-averaged):] }

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
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			return s, errors.New("not finite")
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
