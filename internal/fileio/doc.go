// Package fileio writes output files so that a failure leaves nothing behind,
// and opens input files that may be anything.
//
// WriteFile writes to a temporary file in the same directory, flushes it to
// the disk, moves it to its name in one step and flushes the directory. A
// reader sees the old file or the whole new one, never a part, also after a
// power cut. WriteFiles does so with several files, all of them or none.
// CheckOut finds out before a long computation whether its result could be
// written at all.
//
//	if err := fileio.CheckOut(path, fileio.Options{Force: force}); err != nil {
//		return err
//	}
//	img := compute()
//	err := fileio.WriteFile(path, fileio.Options{Force: force}, func(w io.Writer) error {
//		return png.Encode(w, img)
//	})
//	switch {
//	case errors.Is(err, fileio.ErrExists): // ask for --force
//	case errors.Is(err, fileio.ErrNotWritable): // name the cause
//	}
//
// OpenRegular and ReadFullAt are what the readers of hostile files begin with. Free asks how
// much a disk still takes.
//
// A folder may come from a stranger, with symbolic links in it that lead elsewhere.
// Options.Within and Folder follow none below a folder that the user named.
//
// WriteFile makes no directories, MkdirAll does. WriteFile locks nothing: of two
// writers of one path without Force exactly one succeeds, with Force the later one
// wins. Lock is for those who write many files that belong together.
//
// Inject lets each call to the system fail, for tests.
package fileio
