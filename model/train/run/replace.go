package run

import (
	"errors"
	"fmt"
	"io/fs"
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
	dir := f.dir()
	old, err := runFiles(dir, "")
	if err != nil || len(old) == 0 {
		return err
	}
	if err = dir.Mkdir(movingDir); err == nil {
		err = dir.Mkdir(filepath.Join(movingDir, SamplesDir))
	}
	for _, name := range old {
		if err == nil {
			err = dir.Rename(name, filepath.Join(movingDir, name))
		}
	}
	if err == nil {
		err = dir.Rename(movingDir, replacedDir)
	}
	if err != nil {
		return errors.Join(err, f.bringBack())
	}
	dir.Remove(SamplesDir) // stays if it holds other files
	return nil
}

// commit removes the run that was replaced: the new one is saved.
func (f *Folder) commit() error { return f.dir().RemoveAll(replacedDir) }

// undo removes the new run and brings the replaced one back.
func (f *Folder) undo() error {
	dir := f.dir()
	written, err := runFiles(dir, "")
	if err != nil {
		return err
	}
	for _, name := range written {
		if err := dir.Remove(name); err != nil {
			return err
		}
	}
	dir.Remove(SamplesDir)
	if !dir.Has(replacedDir) {
		return nil
	}
	if err := dir.Rename(replacedDir, movingDir); err != nil {
		return err
	}
	return f.bringBack()
}

// bringBack moves the files in movingDir, if there is one, to their places.
func (f *Folder) bringBack() error {
	dir := f.dir()
	if !dir.Has(movingDir) {
		return nil
	}
	old, err := runFiles(dir, movingDir)
	if err != nil {
		return err
	}
	for _, name := range old {
		err := dir.Mkdir(filepath.Dir(name))
		if err == nil {
			err = dir.Rename(filepath.Join(movingDir, name), name)
		}
		if err != nil {
			return fmt.Errorf("%w: the rest of the replaced run is in %s", err, f.join(movingDir))
		}
	}
	return dir.RemoveAll(movingDir)
}

// recover brings the folder of a run in order after a session that was killed. It
// changes nothing in one that holds links.
func (f *Folder) recover() (err error) {
	dir := f.dir()
	for _, name := range []string{"", movingDir, replacedDir} {
		if _, err := runFiles(dir, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	switch {
	case dir.Has(movingDir):
		err = f.bringBack()
	case dir.Has(replacedDir) && dir.Has(train.StateFile):
		err = f.commit() // the new run was saved
	case dir.Has(replacedDir):
		err = f.undo()
	}
	return errors.Join(err,
		fileio.RemoveStale(f.path, isRunFile),
		fileio.RemoveStale(f.join(SamplesDir), sheetFiles.MatchString))
}
