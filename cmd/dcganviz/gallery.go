package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dcganviz/gallery"
	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/shell"
)

// galleryCmd makes a page of a folder of results.
type galleryCmd struct {
	Dir   string `arg:"" optional:"" name:"dir" default:"${gallery}" help:"Folder with pictures of this program, and the numbers beside them (default: ${default})."`
	Force bool   `help:"Replace index.html in it even if it is no page of this command's."`
	JSON  bool   `name:"json" help:"Print what is on the page, and what is not, as JSON."`
}

func (*galleryCmd) examples() []string {
	return []string{"dcganviz gallery", "dcganviz gallery figures --json"}
}

// pageMade is what the command answers.
type pageMade struct {
	Page     string     `json:"page"`
	Pictures []string   `json:"pictures"`
	LeftOut  []leftNote `json:"left_out"`
}

type leftNote struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

func (c *galleryCmd) Run(e *env) error {
	answer, broken, err := makePage(e, c.Dir, c.Force)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := e.json(answer); err != nil {
			return err
		}
	} else {
		e.printf("%s: %d pictures; open it in a browser", answer.Page, len(answer.Pictures))
	}
	for _, n := range answer.LeftOut {
		e.note("%s: left out: %s", n.File, n.Why)
	}
	if broken > 0 {
		return fail(exitPartly, "%s: %d of the files left out are broken", c.Dir, broken)
	}
	return nil
}

// makePage writes index.html into a folder of pictures. It returns what is on the page,
// and how many files are broken. A page that this command made is replaced, another one
// only with force.
func makePage(e *env, folder string, force bool) (*pageMade, int, error) {
	found, err := readGallery(e, folder)
	if err != nil {
		return nil, 0, err
	}
	if len(found.pictures) == 0 && found.broken > 0 {
		n := found.notes[0]
		return nil, 0, fail(exitMissing, "%s: no picture of this program can be read: %s: %s", folder, n.File, n.Text)
	}
	if len(found.pictures) == 0 {
		return nil, 0, fail(exitMissing, "%s: no picture of this program among %d files: draw one, as by %s", folder, found.files,
			shell.Join("dcganviz", "walk", "--out", shell.File(filepath.Join(folder, "walk.png"))))
	}
	files, page, err := pageFile(e, folder, force)
	if err != nil {
		return nil, 0, err
	}
	dir, err := filepath.Abs(folder)
	if err != nil {
		return nil, 0, err
	}
	html, err := figure.Page(found.pictures, gallery.Options{Title: filepath.Base(dir), Notes: found.notes})
	if err != nil {
		return nil, 0, err
	}
	files.set(page, writeAll(html))
	if err := files.commit(); err != nil {
		return nil, 0, pageError(err)
	}
	pictures := each(found.pictures, func(p figure.Picture) string { return p.File })
	leftOut := each(found.notes, func(n gallery.Note) leftNote { return leftNote{n.File, n.Text} })
	return &pageMade{page, pictures, leftOut}, found.broken, nil
}

// pageFile plans the file of a folder's page, and checks that it can be written.
func pageFile(e *env, folder string, force bool) (*outputs, string, error) {
	page := filepath.Join(folder, "index.html")
	ours, err := isOurPage(fileio.Folder(within(folder)), page)
	if err != nil {
		return nil, "", err
	}
	files := &outputs{env: e}
	files.add("--force", page, fileio.Options{Force: force || ours, Within: within(folder)})
	if err := files.check(); err != nil {
		return nil, "", pageError(err)
	}
	return files, page, nil
}

// pageError removes "--force: " from errors, except the one that --force mends.
func pageError(err error) error {
	if errors.Is(err, fileio.ErrExists) {
		return err
	}
	return &coded{errors.New(strings.TrimPrefix(err.Error(), "--force: ")), exitCode(err)}
}

// isOurPage reports whether a file exists below a folder and is a page that this command
// made.
func isOurPage(below fileio.Folder, path string) (bool, error) {
	name, err := filepath.Rel(string(below), path)
	if err != nil {
		return false, err
	}
	f, _, err := below.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, &coded{err, exitOutput}
	}
	defer f.Close()
	begins := make([]byte, gallery.MarkBytes)
	n, err := io.ReadFull(f, begins)
	return err == nil && gallery.IsPage(begins[:n]), nil
}
