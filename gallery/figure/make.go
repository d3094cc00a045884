package figure

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/fileio"
	"dcganviz/internal/plainjson"
	"dcganviz/viz"
)

// A Drawing is a figure that was made: its result and its files.
type Drawing struct {
	Result Result
	// Files are the picture, the numbers and those beside, by how their names
	// differ from the picture's: "" for the picture, ".json" for the numbers.
	// A result without a picture has no files.
	Files []Encoded
	// Recipe is what the picture carries.
	Recipe Recipe
}

// An Encoded is what goes into one file.
type Encoded struct {
	End   string
	Write func(io.Writer) error
	// Body is a picture's, as viz.Picture has it.
	Body int
}

// NumbersEnd is how the name of the file with the numbers ends.
const NumbersEnd = ".json"

// Ends returns how the names of all files of a figure end: "" for the picture.
func Ends(f Figure) []string {
	ends := []string{""}
	if s, ok := f.(Spare); !ok || !s.NoNumbers() {
		ends = append(ends, NumbersEnd)
	}
	if m, ok := f.(Filer); ok {
		ends = append(ends, m.MoreFiles()...)
	}
	return ends
}

// Path returns the path of a file beside a picture.
func Path(picture, end string) string {
	if end == "" {
		return picture
	}
	return strings.TrimSuffix(picture, filepath.Ext(picture)) + end
}

// Make makes a figure of those in All: it runs the experiment and draws it. image
// is the path that the picture will have; nothing is written. Errors of settings are
// probe.ErrInput.
func Make(ctx context.Context, lab *Lab, f Figure, image string) (*Drawing, error) {
	entry := entryOf(f)
	if err := check(f); err != nil {
		return nil, err
	}
	r, err := f.Make(ctx, lab)
	if err != nil {
		return nil, err
	}
	d := &Drawing{Result: r}
	picture, err := r.Draw()
	if err != nil {
		return nil, err
	}
	r.Say(r.Words())
	if picture == nil {
		return d, nil
	}
	recipe, err := recipeOf(entry.Name, f, lab)
	if err != nil {
		return nil, err
	}
	d.Recipe = recipe
	r.Place(filepath.Base(image), layoutOf(picture))
	if err := d.encode(picture, recipe); err != nil {
		return nil, err
	}
	if slices.Contains(Ends(f), NumbersEnd) {
		d.Files = append(d.Files, Encoded{End: NumbersEnd, Write: func(w io.Writer) error { return writeJSON(w, r) }})
	}
	return d, nil
}

// check reports settings that make no sense.
func check(f Figure) error {
	if err := checkEnums(f); err != nil {
		return err
	}
	return f.Check()
}

// encode adds the pictures.
func (d *Drawing) encode(picture *viz.Picture, recipe Recipe) error {
	texts, err := recipe.Texts()
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return viz.EncodePNG(w, picture, texts) }
	if filmed, ok := d.Result.(Filmed); ok {
		if film := filmed.Film(); film != nil {
			write = func(w io.Writer) error { return film.encode(w, texts) }
		}
	}
	d.Files = append(d.Files, Encoded{"", write, picture.Body})
	filed, ok := d.Result.(Filed)
	if !ok {
		return nil
	}
	more, err := filed.More()
	if err != nil {
		return err
	}
	for _, f := range more {
		if f.Picture == nil {
			d.Files = append(d.Files, Encoded{End: f.End, Write: func(w io.Writer) error { _, err := w.Write(f.Data); return err }})
			continue
		}
		part := recipe
		part.Part = strings.TrimSuffix(f.End, filepath.Ext(f.End))
		texts, err := part.Texts()
		if err != nil {
			return err
		}
		d.Files = append(d.Files, Encoded{f.End, func(w io.Writer) error { return viz.EncodePNG(w, f.Picture, texts) }, f.Picture.Body})
	}
	return nil
}

func (f *Animation) encode(w io.Writer, texts []viz.Text) error {
	o := viz.AnimationOptions{DelayNum: 1, DelayDen: f.Rate, Recipe: texts}
	if f.GIF {
		return viz.EncodeGIF(w, f.Frames, o)
	}
	return viz.EncodeAPNG(w, f.Frames, o)
}

// Save writes the files, the picture to the path, all of them or none. A file that
// is there already is an error.
func (d *Drawing) Save(picture string) error {
	files := make([]fileio.File, len(d.Files))
	for i, f := range d.Files {
		files[i] = fileio.File{Path: Path(picture, f.End), Write: f.Write}
	}
	_, err := fileio.WriteFiles(files...)
	return err
}

// writeJSON writes the numbers of a result.
func writeJSON(w io.Writer, r Result) error {
	return plainjson.Write(w, r, plainjson.Options{Lines: true})
}
