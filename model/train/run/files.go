package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// Files of a run's folder besides train.ModelFile and train.StateFile.
const (
	// PlanFile is the Plan, LossesFile the losses of every step, and PlotFile a
	// picture of them.
	PlanFile   = "run.json"
	LossesFile = "losses.csv"
	PlotFile   = "losses.png"
	// SkippedFile names the pictures that were left out.
	SkippedFile = "skipped.txt"
	// SummaryFile is the Summary.
	SummaryFile = "summary.json"
	// PageFile is a page about the run, HeldFile its Measures, and BestFile the best
	// generator by them.
	PageFile = "index.html"
	HeldFile = "holdout.json"
	BestFile = "best.safetensors"
	// SamplesDir is the folder of the sheets of samples.
	SamplesDir = "samples"
)

// SheetFile is the sheet of samples after a step.
func SheetFile(step int) string { return filepath.Join(SamplesDir, fmt.Sprintf("step-%06d.png", step)) }

// EpochFile is G as it was after an epoch of Plan.KeepEpochs.
func EpochFile(epoch int) string { return fmt.Sprintf("epoch-%04d.safetensors", epoch) }

var (
	epochFiles = regexp.MustCompile(`^epoch-\d{4,}\.safetensors$`)
	sheetFiles = regexp.MustCompile(`^step-\d{6,}\.png$`)
)

// isRunFile reports whether a run writes a file of that name to its folder.
func isRunFile(name string) bool {
	switch name {
	case train.StateFile, train.ModelFile, LossesFile, PlotFile, SkippedFile, SummaryFile, PlanFile, PageFile, HeldFile, BestFile:
		return true
	}
	return epochFiles.MatchString(name)
}

// runFiles returns the names of what a run has written to the folder dir of its own. The
// state is the first, so that a run half removed is not taken for a saved one. The plan
// is the last, because it tells that the other files are a run's. Anything but a regular
// file in the place of one is an error, and so is a symbolic link in that of a folder.
func runFiles(folder fileio.Folder, dir string) ([]string, error) {
	var names []string
	for _, of := range []struct {
		dir  string
		ours func(string) bool
	}{{"", isRunFile}, {SamplesDir, sheetFiles.MatchString}} {
		entries, err := folder.ReadDir(filepath.Join(dir, of.dir))
		if err != nil && (of.dir == "" || !errors.Is(err, fs.ErrNotExist)) {
			return nil, err
		}
		for _, e := range entries {
			if !of.ours(e.Name()) {
				continue
			}
			name := filepath.Join(of.dir, e.Name())
			if name == PageFile && e.Type().IsRegular() && !isPage(folder, filepath.Join(dir, name)) {
				continue // somebody else's
			}
			if err := folder.CheckFile(filepath.Join(dir, name)); err != nil {
				return nil, err
			}
			names = append(names, name)
		}
	}
	order := map[string]int{train.StateFile: -1, PlanFile: 1}
	slices.SortStableFunc(names, func(a, b string) int { return order[a] - order[b] })
	return names, nil
}

// read returns a file of the folder, of at most so many bytes.
func (f *Folder) read(name string, most int64) ([]byte, error) {
	text, err := f.dir().ReadFile(name, most)
	if errors.Is(err, refuse.ErrTooLarge) || errors.Is(err, refuse.ErrCorrupt) {
		err = refuse.WithKind(err, checkpoint.ErrRefused)
	}
	return text, err
}

// write gives a file of the folder new contents.
func (f *Folder) write(name string, contents []byte) error {
	return f.dir().WriteFile(name, func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	})
}
