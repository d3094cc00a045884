package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"dcganviz/model/train"
)

// Files of a run's folder besides those of package train.
const (
	planFile    = "run.json"
	lossesFile  = "losses.csv"
	plotFile    = "losses.png"
	skippedFile = "skipped.txt"
	samplesDir  = "samples"
	samplesName = "step-%06d.png"
	epochName   = "epoch-%04d.safetensors"
)

// checkFolder refuses a folder that holds what a new run would replace.
func checkFolder(folder string, force bool) error {
	entries, err := os.ReadDir(folder)
	refuse := func(format string, args ...any) error {
		return &coded{fmt.Errorf("--out %s: "+format, append([]any{folder}, args...)...), exitOutput}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return refuse("want a folder: %w", err)
	case !isRun(folder):
		return refuse("holds other things than a run, want a new or empty folder")
	case !force:
		return refuse("holds a run already: go on with it by --resume, or replace it by --force")
	}
	return nil
}

// isRun reports whether a folder is that of a run. A model alone, which other
// programs name the same, does not make it one.
func isRun(folder string) bool {
	for _, name := range []string{planFile, train.StateFile} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return true
		}
	}
	return false
}

// makeFolder makes the folder of a new run, empty of an old one. It returns
// the folders it made, innermost first.
func makeFolder(folder string) (made []string, err error) {
	for dir := folder; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, dir)
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return made, &coded{fmt.Errorf("--out: %w", err), exitOutput}
	}
	if isRun(folder) {
		err = removeRun(folder)
	}
	return made, err
}

// removeRun removes what a run writes from its folder, and nothing else.
func removeRun(folder string) error {
	var errs []error
	// The state last: as long as it is there, the rest is known to be a run's.
	for _, pattern := range []string{
		filepath.Join(samplesDir, "step-[0-9][0-9][0-9][0-9][0-9][0-9]*.png"), "epoch-[0-9][0-9][0-9][0-9]*.safetensors", lossesFile, plotFile, skippedFile,
		planFile, train.ModelFile, train.StateFile,
	} {
		// The folder's own name may hold what Glob takes for a pattern.
		names, err := fs.Glob(os.DirFS(folder), filepath.ToSlash(pattern))
		errs = append(errs, err)
		for _, name := range names {
			errs = append(errs, os.Remove(filepath.Join(folder, name)))
		}
	}
	os.Remove(filepath.Join(folder, samplesDir)) // stays if it holds other files
	if err := errors.Join(errs...); err != nil {
		return &coded{fmt.Errorf("--out: %w", err), exitOutput}
	}
	return nil
}
