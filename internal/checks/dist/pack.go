package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// pack makes the archive that people of an operating system expect, with all files in a
// folder of the archive's name.
func pack(goos, folder string, files []file, date time.Time) (archive []byte, ending string, err error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	for i := range files {
		if i > 0 && files[i].name == files[i-1].name {
			return nil, "", fmt.Errorf("%s twice in %s", files[i].name, folder)
		}
	}
	var buf bytes.Buffer
	if goos == "windows" {
		err = packZip(&buf, folder, files, date)
		return buf.Bytes(), ".zip", err
	}
	err = packTar(&buf, folder, files, date)
	return buf.Bytes(), ".tar.gz", err
}

func mode(f file) fs.FileMode {
	if f.program {
		return 0o755
	}
	return 0o644
}

func packTar(w io.Writer, folder string, files []file, date time.Time) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, f := range files {
		h := &tar.Header{Name: path.Join(folder, f.name), Mode: int64(mode(f)), Size: int64(len(f.content)), ModTime: date, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(f.content); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

func packZip(w io.Writer, folder string, files []file, date time.Time) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, f := range files {
		h := &zip.FileHeader{Name: path.Join(folder, f.name), Method: zip.Deflate, Modified: date}
		h.SetMode(mode(f))
		e, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := e.Write(f.content); err != nil {
			return err
		}
	}
	return z.Close()
}
