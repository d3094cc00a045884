package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// Folders inside the folder of a run that is being replaced.
const (
	// replacedDir holds the whole old run, until the new one is saved.
	replacedDir = ".dcganviz-replaced"
	// movingDir is the old run while its files are being moved in or out: it then
	// holds some of them and the folder the rest.
	movingDir = ".dcganviz-moving"
)

// begin moves the run that is there, if any, out of the new one's way. After
// an error it is where it was.
func (f *Folder) begin() error {
	old, err := runFiles(f.path)
	if err != nil || len(old) == 0 {
		return err
	}
	err = os.MkdirAll(f.join(filepath.Join(movingDir, SamplesDir)), 0o777)
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
	os.Remove(f.join(SamplesDir)) // stays if it holds other files
	return nil
}

// commit removes the run that was replaced: the new one is saved.
func (f *Folder) commit() error { return os.RemoveAll(f.join(replacedDir)) }

// undo removes the new run and brings the replaced one back.
func (f *Folder) undo() error {
	written, err := runFiles(f.path)
	if err != nil {
		return err
	}
	for _, name := range written {
		if err := os.Remove(f.join(name)); err != nil {
			return err
		}
	}
	os.Remove(f.join(SamplesDir))
	if !f.holds(replacedDir) {
		return nil
	}
	if err := os.Rename(f.join(replacedDir), f.join(movingDir)); err != nil {
		return err
	}
	return f.bringBack()
}

// bringBack moves the files in movingDir, if there is one, to their places.
func (f *Folder) bringBack() error {
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

// recover brings the folder in order after a session that was killed.
func (f *Folder) recover() (err error) {
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
		fileio.RemoveStale(f.join(SamplesDir), sheetFiles.MatchString))
}
