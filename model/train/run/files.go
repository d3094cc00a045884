package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"dcganviz/internal/fileio"
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
	case train.StateFile, train.ModelFile, LossesFile, PlotFile, SkippedFile, SummaryFile, PlanFile:
		return true
	}
	return epochFiles.MatchString(name)
}

// runFiles returns the names of what a run has written to a folder. The state is
// the first, so that a run half removed is not taken for a saved one. The plan is
// the last, because it tells that the other files are a run's.
func runFiles(folder string) ([]string, error) {
	var names []string
	for _, of := range []struct {
		dir  string
		ours func(string) bool
	}{{"", isRunFile}, {SamplesDir, sheetFiles.MatchString}} {
		entries, err := os.ReadDir(filepath.Join(folder, of.dir))
		if err != nil && (of.dir == "" || !errors.Is(err, fs.ErrNotExist)) {
			return nil, err
		}
		for _, e := range entries {
			if of.ours(e.Name()) {
				names = append(names, filepath.Join(of.dir, e.Name()))
			}
		}
	}
	order := map[string]int{train.StateFile: -1, PlanFile: 1}
	slices.SortStableFunc(names, func(a, b string) int { return order[a] - order[b] })
	return names, nil
}

// replaceFile gives a file of the folder new contents.
func replaceFile(path string, contents []byte) error {
	return fileio.WriteFile(path, fileio.Options{Force: true}, func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	})
}
