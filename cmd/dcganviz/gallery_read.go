package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/gallery"
	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// Bounds of a folder, far above what this program writes into one.
const (
	mostEntries     = 20000
	mostNumberBytes = 32 << 20
	mostAllBytes    = 256 << 20
	mostNotes       = 100
	mostSide        = 1 << 16
)

// A galleryFound is what a folder holds.
type galleryFound struct {
	pictures []figure.Picture
	notes    []gallery.Note
	files    int
	broken   int // how many of the files left out
	bytes    int64
}

// galleryExtensions are the endings of the pictures that this program writes.
var galleryExtensions = []string{".png", ".apng", ".gif"}

// readGallery reads recipes, sizes and numbers of a folder's pictures, by name;
// no pixels.
func readGallery(e *env, dir string) (*galleryFound, error) {
	// Opening a pipe would wait for a writer.
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fail(exitMissing, "%s: no folder, want one of pictures", dir)
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	// A huge folder is not read to its end.
	entries, err := d.ReadDir(mostEntries + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fail(exitMissing, "%w: want a folder of pictures", err)
	}
	if len(entries) > mostEntries {
		return nil, fail(exitRefused, "%s: more than %d files, want a folder of pictures of this program", dir, mostEntries)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	found := &galleryFound{files: len(entries)}
	for _, entry := range entries {
		if err := e.ctx.Err(); err != nil {
			return nil, err
		}
		if name := entry.Name(); slices.Contains(galleryExtensions, extension(name)) && !strings.HasPrefix(name, ".") {
			found.read(dir, name)
		}
	}
	if n := len(found.notes); n > mostNotes {
		found.notes = append(found.notes[:mostNotes], gallery.Note{File: dir, Text: fmt.Sprintf("%d more files", n-mostNotes)})
	}
	return found, nil
}

// read adds a picture, or a note that says why not.
func (g *galleryFound) read(dir, name string) {
	leave := func(format string, args ...any) {
		g.notes = append(g.notes, gallery.Note{File: name, Text: fmt.Sprintf(format, args...)})
	}
	if len(g.pictures) == gallery.MostBlocks {
		leave("a page has %d pictures at most", gallery.MostBlocks)
		return
	}
	p, err := readGalleryPicture(filepath.Join(dir, name))
	switch {
	case errors.Is(err, viz.ErrNoRecipe):
		leave("it carries no recipe of this program")
		return
	case err != nil:
		g.broken++
		leave("%s", strings.TrimPrefix(err.Error(), filepath.Join(dir, name)+": "))
		return
	}
	p.File = name
	stem := strings.TrimSuffix(filepath.Join(dir, name), filepath.Ext(name))
	if p.Numbers, err = g.numbers(stem + ".json"); err != nil {
		g.broken++
		leave("its numbers: %s", err)
	}
	if end := figure.ThumbsEnd(p.Command); end != "" {
		if p.Thumbs, err = readThumbs(stem + end); err != nil {
			g.broken++
			leave("the pictures of its points: %s", err)
		}
	}
	g.pictures = append(g.pictures, *p)
}

// openBeside opens a file beside a picture. Without such a file, f is nil.
func openBeside(path string) (f *os.File, size int64, err error) {
	if f, size, err = fileio.OpenRegular(path); errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	return f, size, err
}

// readThumbs reads size and digest of the file that a map's pictures are in. It returns
// nil without such a file.
func readThumbs(path string) (*figure.Thumbs, error) {
	f, size, err := openBeside(path)
	if f == nil {
		return nil, err
	}
	defer f.Close()
	if size > mostNumberBytes {
		return nil, fmt.Errorf("%d bytes, want at most %d", size, mostNumberBytes)
	}
	h := sha256.New()
	config, err := jpeg.DecodeConfig(io.TeeReader(f, h))
	if err != nil {
		return nil, &coded{err, exitRefused}
	}
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return &figure.Thumbs{File: filepath.Base(path), Width: config.Width, Height: config.Height, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// readGalleryPicture reads a picture's recipe and size.
func readGalleryPicture(path string) (*figure.Picture, error) {
	f, _, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := viz.ReadRecipe(bufio.NewReader(f))
	if err != nil {
		return nil, err
	}
	r, err := parseRecipe(text)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, &coded{err, exitRefused}
	}
	if size.Width < 1 || size.Height < 1 || size.Width > mostSide || size.Height > mostSide {
		return nil, fmt.Errorf("%dx%d pixels, want 1 to %d a side", size.Width, size.Height, mostSide)
	}
	p := &figure.Picture{Width: size.Width, Height: size.Height, Command: r.Command, SHA256: r.SHA256, Args: r.Args}
	if slices.Contains(zoo.Names(), r.Model) {
		p.Model = r.Model
	}
	// None of a recipe that replay refuses: its command might write to any file.
	p.CommandLine, _ = commandLine(r)
	return p, nil
}

// numbers reads the JSON beside a picture. It returns nil without such a file.
func (g *galleryFound) numbers(path string) ([]byte, error) {
	f, size, err := openBeside(path)
	if f == nil {
		return nil, err
	}
	defer f.Close()
	if size > mostNumberBytes || g.bytes+size > mostAllBytes {
		return nil, fmt.Errorf("%d bytes, want at most %d in a file and %d in all", size, mostNumberBytes, mostAllBytes)
	}
	g.bytes += size
	text, err := io.ReadAll(io.LimitReader(f, size))
	return bytes.TrimSpace(text), err
}
