package figure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe"
	"dcganviz/probe/vector"
)

// A Lab is what figures are made in: a model, threads, and where messages go.
type Lab struct {
	// Model is the model that is looked at.
	Model *checkpoint.Checkpoint
	// Name is the name of an embedded model, else nothing.
	Name string
	// Folder is the folder of the run that the model is the last state of, else nothing.
	Folder string
	// Pool is the threads; nil is the pool that the process shares. No result
	// depends on it.
	Pool *model.Pool
	// Workers is how many threads read pictures; 0 means as many as there are
	// processors.
	Workers int
	// Memory is how many bytes the images of a figure may take, and MemoryBy what leaves
	// no more, as in "the machine", for a message. 0: there is no limit.
	Memory   int64
	MemoryBy string
	// Progress is called when done of the parts of what are done; may be nil.
	Progress func(what string, done, of int)
	// SilentKernels leaves the class of the kernels out of recipes, as older versions
	// did.
	SilentKernels bool
	// Note is called with what the caller should know of a result; may be nil.
	Note func(text string)

	source Source
}

// OpenLab opens a model, which Find finds, as source says: nil means that the file
// says enough. Nets without running statistics of batch norm are as they were
// loaded: see Settle.
func OpenLab(where string, source *Source) (*Lab, error) {
	if source == nil {
		source = new(Source)
	}
	if source.By == "" {
		with := *source
		with.By = byStatistics
		source = &with
	}
	if err := source.Check(); err != nil {
		return nil, err
	}
	p, err := Find(where)
	if err != nil {
		return nil, err
	}
	c, err := p.Open(source.Options())
	if err != nil {
		return nil, err
	}
	c.Title = p.Title
	lab := &Lab{Model: c, Name: p.Name, Folder: p.Folder, source: *source}
	return lab, lab.choose(source.Class)
}

// Settle gives nets without running statistics of batch norm an estimate, unless
// the source says whose statistics to use: an image would depend on those that it
// is drawn with.
func (l *Lab) Settle() error {
	if l.source.BN != nil || l.Model.Meta.BN != checkpoint.BatchStats {
		return nil
	}
	done, err := l.Model.EstimateStatistics(l.Pool)
	if done != "" {
		l.note("%s: %s; --bn batch uses the statistics of the images that are drawn", l.Model.Title, done)
	}
	return err
}

// run returns how the model's nets are to be run.
func (l *Lab) run() model.RunOptions { return l.Model.RunOptions(l.Pool) }

// Generator returns G, or an error if the model has no G.
func (l *Lab) Generator() (*model.G, error) { return l.Model.Generator() }

// Discriminator returns D, or an error if the model has no D.
func (l *Lab) Discriminator() (*model.D, error) {
	d, err := l.Model.Discriminator()
	if err != nil {
		err = fmt.Errorf("%w: name the file that it is in by --disc", err)
	} else if n := d.Config().DCondition.Classes; n > 0 && d.Class() < 0 {
		err = usage("D scores images of %d classes, and nothing says of which one: name it by --class", n)
	}
	return d, err
}

// settled returns G, or refuses what the statistics of a batch do not allow.
func (l *Lab) settled() (*model.G, error) {
	g, err := l.Generator()
	if err == nil && l.run().BatchStats {
		err = usage("--bn batch: an image would depend on those that it is drawn with, and there is nothing to compare")
	}
	return g, err
}

// pictures returns the size and channels of the model's pictures.
func (l *Lab) pictures() (model.Config, error) {
	switch {
	case l.Model.D != nil:
		return l.Model.D.Config(), nil
	case l.Model.G != nil:
		return l.Model.G.Config(), nil
	}
	return model.Config{}, unsupported("%s holds neither G nor D", l.Model.Title)
}

// realism is the scale of D's logit, nil without a D.
func (l *Lab) realism() vector.Scale {
	if l.Model.D == nil {
		return nil
	}
	return func(_ context.Context, images model.Tensor) ([]float64, error) {
		d, err := l.Discriminator()
		if err != nil {
			return nil, err
		}
		t, err := d.Logits(images, l.run())
		if err != nil {
			return nil, err
		}
		out := make([]float64, t.Len())
		for i := range out {
			out[i] = float64(t.Data[i])
		}
		return out, nil
	}
}

// head returns what the numbers of a figure begin with.
func (l *Lab) head(command string, seed uint64) Head {
	return Head{Program: Program, Version: Version, Command: command, Model: l.Model.Title, SHA256: l.Model.SHA256, Seed: seed}
}

// family is the name of the embedded model, or of the one that it is an early state of.
func (l *Lab) family() string {
	name, _, _ := strings.Cut(l.Name, "-epoch")
	return name
}

// embedded returns the name of the pictures of a kind, train or heldout, that come
// with the model or the run that it is an early state of, and whether there are
// any.
func (l *Lab) embedded(kind string) (string, bool) {
	name := l.family() + "-" + kind
	return name, slices.Contains(zoo.PictureSets(), name)
}

// note tells the caller something.
func (l *Lab) note(format string, args ...any) {
	if l.Note != nil {
		l.Note(fmt.Sprintf(format, args...))
	}
}

// progress tells how far a probe has come.
func (l *Lab) progress(what string, done, of int) {
	if l.Progress != nil {
		l.Progress(what, done, of)
	}
}

// settings returns what every probe needs.
func (l *Lab) settings(seed uint64) probe.Settings {
	return probe.Settings{Seed: seed, Progress: l.progress}
}
