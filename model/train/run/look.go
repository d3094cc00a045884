package run

import (
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"slices"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// ReadPlan returns the plan of the run in a folder, which may be in training; zero if
// there is none. Errors are those of Folder.ReadPlan.
func ReadPlan(folder string) (p Plan, err error) {
	err = (&Folder{path: folder}).ReadPlan(&p)
	return p, err
}

// ReadLosses returns the losses of the run in a folder, which may be in training, in the
// order of its steps: all, or of more than 65,536 each second, fourth and so on. Without a
// table there are none. A damaged table gives checkpoint.ErrRefused.
func ReadLosses(folder string) ([]train.Stats, error) {
	f := fileio.Folder(folder)
	file, size, err := f.Open(LossesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	l := new(lossTable)
	if _, err := l.readBack(fileio.NewReader(file, size), f.Join(LossesFile), math.MaxInt); err != nil {
		return nil, err
	}
	return l.rows, nil
}

// KeptStates returns the files of a run in a folder that hold G as it was after an epoch,
// the earliest first.
func KeptStates(folder string) ([]string, error) {
	entries, err := fileio.Folder(folder).ReadDir("")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if epochFiles.MatchString(e.Name()) && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) { // of more than 9,999 epochs
			return len(a) - len(b)
		}
		if a < b {
			return -1
		}
		return 1
	})
	for i := range names {
		names[i] = filepath.Join(folder, names[i])
	}
	return names, nil
}
