package zoo

import (
	"bytes"
	"errors"
	"fmt"
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
		b, err := read(files, name, name+modelEnd)
		if err != nil {
			continue
		}
		f, err := safetensors.ReadHeader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			continue
		}
		if own, ok := f.Metadata[safetensors.DigestKey]; ok && own == digest {
			return name
		}
	}
	return ""
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
	known := names(files)
	if slices.Contains(known, name) {
		b, err := fs.ReadFile(files, folder+"/"+file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("zoo: model %q has no %s: %w", name, file, ErrNoModel)
		}
		return b, err
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("zoo: model %q: none is embedded in this build: %w", name, ErrNoModel)
	}
	return nil, fmt.Errorf("zoo: model %q, want one of %s: %w", name, strings.Join(known, ", "), ErrNoModel)
}
