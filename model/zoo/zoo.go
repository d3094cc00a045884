package zoo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"dcganviz/internal/safetensors"
	"dcganviz/model/checkpoint"
)

// Default is the model that is taken if the caller names none.
const Default = "facades"

// ErrNoModel means that no model of that name is embedded.
var ErrNoModel = errors.New("no such model")

// A folder of models holds NAME.safetensors and NAME.md.
const (
	folder    = "models"
	modelEnd  = ".safetensors"
	cardEnd   = ".md"
	epochMark = "-epoch"
)

// Names returns the names of the models, sorted.
func Names() []string { return names(files) }

// Open decodes the model of that name. Each call returns a model of its own. An
// unknown name gives ErrNoModel.
func Open(name string) (*checkpoint.Checkpoint, error) { return open(files, name) }

// Named returns the name of the model whose Checkpoint.SHA256 is digest, or "" if no
// model has it. It believes the digests that the files carry.
func Named(digest string) string { return named(files, digest) }

// Digest returns the Checkpoint.SHA256 of the model of that name, as its file carries it.
// An unknown name gives ErrNoModel.
func Digest(name string) (string, error) { return carried(files, name) }

// Inspect is checkpoint.Inspect for the model of that name. An unknown name gives
// ErrNoModel.
func Inspect(name string, opt checkpoint.OpenOptions, data bool) (s *checkpoint.Survey, err error) {
	err = at(files, name, func(r io.ReaderAt, size int64) error {
		s, err = checkpoint.InspectAt(name, r, size, opt, data)
		return err
	})
	return s, err
}

// File returns the checkpoint file of the model of that name. An unknown name gives
// ErrNoModel.
func File(name string) ([]byte, error) { return read(files, name, name+modelEnd) }

// Card returns the card of the model of that name, in Markdown. An early state of a
// run has the card of that run's model. An unknown name gives ErrNoModel.
func Card(name string) (string, error) { return card(files, name) }

func names(files fs.FS) []string { return listed(files, folder, modelEnd) }

// listed returns the names of the files in a folder that end so, sorted.
func listed(files fs.FS, folder, end string) []string {
	entries, _ := fs.ReadDir(files, folder) // no folder, no files
	var all []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), end); ok {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func open(files fs.FS, name string) (*checkpoint.Checkpoint, error) {
	b, err := read(files, name, name+modelEnd)
	if err != nil {
		return nil, err
	}
	c, err := checkpoint.OpenBytes(name, b, checkpoint.OpenOptions{})
	if err != nil {
		return nil, fmt.Errorf("zoo: %w", err)
	}
	return c, nil
}

func named(files fs.FS, digest string) string {
	for _, name := range names(files) {
		if own, err := carried(files, name); err == nil && own != "" && own == digest {
			return name
		}
	}
	return ""
}

// carried returns the digest that the file of a model carries.
func carried(files fs.FS, name string) (digest string, err error) {
	err = at(files, name, func(r io.ReaderAt, size int64) error {
		f, err := safetensors.ReadHeader(r, size)
		if err == nil {
			digest = f.Metadata[safetensors.DigestKey]
		}
		return err
	})
	return digest, err
}

// at calls f for the file of a model, which is not copied.
func at(files fs.FS, name string, f func(r io.ReaderAt, size int64) error) error {
	if err := check(files, name); err != nil {
		return err
	}
	file, err := files.Open(folder + "/" + name + modelEnd)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return f(file.(io.ReaderAt), info.Size()) // all files of an embed.FS are
}

func card(files fs.FS, name string) (string, error) {
	of, _, early := strings.Cut(name, epochMark)
	b, err := read(files, name, name+cardEnd)
	if errors.Is(err, ErrNoModel) && early {
		b, err = read(files, name, of+cardEnd)
	}
	return string(b), err
}

// read returns the contents of one of a model's files.
func read(files fs.FS, name, file string) ([]byte, error) {
	if err := check(files, name); err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(files, folder+"/"+file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("zoo: model %q has no %s: %w", name, file, ErrNoModel)
	}
	return b, err
}

// check reports a name that no model has.
func check(files fs.FS, name string) error {
	known := names(files)
	switch {
	case slices.Contains(known, name):
		return nil
	case len(known) == 0:
		return fmt.Errorf("zoo: model %q: none is embedded in this build: %w", name, ErrNoModel)
	}
	return fmt.Errorf("zoo: model %q, want one of %s: %w", name, strings.Join(known, ", "), ErrNoModel)
}
