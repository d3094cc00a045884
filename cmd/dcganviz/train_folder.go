package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// Files of a run's folder besides those of package train.
const (
	planFile    = "run.json"
	lossesFile  = "losses.csv"
	plotFile    = "losses.png"
	skippedFile = "skipped.txt"
	summaryFile = "summary.json"
	samplesDir  = "samples"
	samplesName = "step-%06d.png"
	epochName   = "epoch-%04d.safetensors"
)

// Folders inside that of a run, for --force.
const (
	// replacedDir holds the run that is being replaced, until the new one is
	// saved.
	replacedDir = ".dcganviz-replaced"
	// movingDir is replacedDir before all of that run is in it, and when not all
	// is in it any more: the rest is in the folder, and nothing else.
	movingDir = ".dcganviz-moving"
)

var (
	epochFiles = regexp.MustCompile(`^epoch-\d{4,}\.safetensors$`)
	sheetFiles = regexp.MustCompile(`^step-\d{6,}\.png$`)
)

// isRunFile reports whether a run writes a file of that name to its folder.
func isRunFile(name string) bool {
	switch name {
	case train.StateFile, train.ModelFile, lossesFile, plotFile, skippedFile, summaryFile, planFile:
		return true
	}
	return epochFiles.MatchString(name)
}

// lockFile keeps other trainers out of the folder as long as one is at work.
const lockFile = ".dcganviz-lock"

// A runFolder is the folder of a run, for this process alone. A new run replaces the one that is there
// from begin to commit. Until then that comes back by undo, or after a crash by
// the next claim.
type runFolder struct {
	path   string
	made   []string // folders made for it, innermost first
	unlock func()
}

// claim opens the folder for a new run, or for one that is to go on. It makes
// the folder for a new one, and changes nothing in one that holds other things.
func claim(path string, resume, force bool) (_ *runFolder, err error) {
	f := &runFolder{path: path}
	defer func() {
		if err != nil {
			f.release()
		}
	}()
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return nil, f.refuse("this is a file, want a folder")
	case !errors.Is(err, fs.ErrNotExist): // taken up by lock, if it is an error
	case resume:
		return nil, noRun(path, err)
	default:
		if err := f.make(); err != nil {
			return nil, unwritable(err)
		}
	}
	f.unlock, err = fileio.Lock(f.join(lockFile))
	if errors.Is(err, fileio.ErrLocked) {
		return nil, f.refuse("another dcganviz train is at work there: wait until it is done, or stop it")
	} else if err != nil {
		return nil, unwritable(err)
	}
	if err := f.recover(); err != nil {
		return nil, unwritable(err)
	}
	if resume {
		return f, nil
	}
	return f, f.check(force)
}

func noRun(folder string, why error) error {
	return &coded{fmt.Errorf("--resume: no run in %s, want one that dcganviz train --out began: %w", folder, why), exitMissing}
}

// unwritable is about a folder that cannot be written to.
func unwritable(err error) error {
	return &coded{fmt.Errorf("--out: %w", err), exitOutput}
}

// make makes the folder and those above it.
func (f *runFolder) make() error {
	for dir := f.path; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		f.made = append(f.made, dir)
	}
	return os.MkdirAll(f.path, 0o777)
}

// release gives the folder back. Those made for a run that came to nothing go.
func (f *runFolder) release() {
	if f.unlock != nil {
		f.unlock()
	}
	for _, dir := range f.made {
		os.Remove(dir) // stays if it is not empty
	}
}

// check refuses a folder that holds what a new run would replace.
func (f *runFolder) check(force bool) error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return unwritable(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == lockFile })
	switch {
	case len(entries) == 0:
	case !f.isRun():
		return f.refuse("holds other things than a run, want a new or empty folder")
	case !force:
		return f.refuse("holds a run already: go on with it by --resume, or replace it by --force")
	}
	return nil
}

func (f *runFolder) refuse(why string) error {
	return &coded{fmt.Errorf("--out %s: %s", f.path, why), exitOutput}
}

// isRun reports whether the folder is that of a run. A model alone, which other
// programs name the same, does not make it one.
func (f *runFolder) isRun() bool {
	for _, name := range []string{planFile, train.StateFile, replacedDir, movingDir} {
		if f.holds(name) {
			return true
		}
	}
	return false
}

func (f *runFolder) holds(name string) bool {
	_, err := os.Lstat(f.join(name))
	return err == nil
}

func (f *runFolder) join(name string) string { return filepath.Join(f.path, name) }

// recover brings the folder in order after a session that was killed.
func (f *runFolder) recover() (err error) {
	switch {
	case !f.isRun():
		return nil
	case f.holds(movingDir):
		err = f.bringBack()
	case f.holds(replacedDir) && f.holds(train.StateFile):
		err = f.commit() // the new run was saved
	case f.holds(replacedDir):
		err = f.undo()
	}
	return errors.Join(err,
		fileio.RemoveStale(f.path, isRunFile),
		fileio.RemoveStale(f.join(samplesDir), sheetFiles.MatchString))
}

// begin moves the run that is there, if any, out of the new one's way. After
// an error it is where it was.
func (f *runFolder) begin() error {
	old, err := runFiles(f.path)
	if err != nil || len(old) == 0 {
		return err
	}
	err = os.MkdirAll(f.join(filepath.Join(movingDir, samplesDir)), 0o777)
	for _, name := range old {
		if err == nil {
			err = os.Rename(f.join(name), f.join(filepath.Join(movingDir, name)))
		}
	}
	if err == nil {
		err = os.Rename(f.join(movingDir), f.join(replacedDir))
	}
	if err != nil {
		return errors.Join(err, f.bringBack())
	}
	os.Remove(f.join(samplesDir)) // stays if it holds other files
	return nil
}

// commit removes the run that was replaced: the new one is saved.
func (f *runFolder) commit() error { return os.RemoveAll(f.join(replacedDir)) }

// undo removes the new run and brings the replaced one back.
func (f *runFolder) undo() error {
	written, err := runFiles(f.path)
	if err != nil {
		return err
	}
	for _, name := range written {
		if err := os.Remove(f.join(name)); err != nil {
			return err
		}
	}
	os.Remove(f.join(samplesDir))
	if !f.holds(replacedDir) {
		return nil
	}
	if err := os.Rename(f.join(replacedDir), f.join(movingDir)); err != nil {
		return err
	}
	return f.bringBack()
}

// bringBack moves what is in movingDir, which may not be there, to its place.
func (f *runFolder) bringBack() error {
	if !f.holds(movingDir) {
		return nil
	}
	old, err := runFiles(f.join(movingDir))
	if err != nil {
		return err
	}
	for _, name := range old {
		err := os.MkdirAll(filepath.Dir(f.join(name)), 0o777)
		if err == nil {
			err = os.Rename(f.join(filepath.Join(movingDir, name)), f.join(name))
		}
		if err != nil {
			return fmt.Errorf("%w: the rest of the replaced run is in %s", err, f.join(movingDir))
		}
	}
	return os.RemoveAll(f.join(movingDir))
}

// runFiles returns the names of what a run has written to a folder: the state
// first, so that what is left of a run half removed is not taken for a saved
// one, and the plan last, by which the rest is known to be a run's.
func runFiles(folder string) ([]string, error) {
	var names []string
	for _, of := range []struct {
		dir  string
		ours func(string) bool
	}{{"", isRunFile}, {samplesDir, sheetFiles.MatchString}} {
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
	order := map[string]int{train.StateFile: -1, planFile: 1}
	slices.SortStableFunc(names, func(a, b string) int { return order[a] - order[b] })
	return names, nil
}
