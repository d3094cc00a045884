package figure

import (
	"fmt"
	"reflect"
	"slices"

	"dcganviz/internal/plainjson"
)

// An Entry is a row of the table of figures.
type Entry struct {
	// Name is the command's, as in recipes.
	Name string
	// Group is where help lists it: Look or Know.
	Group string
	// About says in a sentence what the figure shows.
	About string
	// Title heads it on a page.
	Title string
	// New returns its settings, all at their defaults.
	New func() Figure
	// Read reads a result from its JSON.
	Read func(numbers []byte) (Result, error)
	// Examples are command lines that run as they stand, where the files that they
	// name exist.
	Examples []string
	// AsLoaded says that the figure looks at the nets as the file has them, without
	// an estimate of running statistics that it lacks.
	AsLoaded bool
	// Paper are the figures that the command figures draws.
	Paper []Preset
	// OnRequest says that it draws them only if they are asked for.
	OnRequest bool
}

// The groups of the help that figures are in: those that look at what a model has
// learnt, and those that tell what a model is.
const (
	Look = "Look"
	Know = "Know"
)

// A Preset is one figure of those that the command figures draws.
type Preset struct {
	// Number is the paper's (Radford et al. 2015, arXiv:1511.06434), or a name where
	// the paper has no such figure.
	Number string
	// File is the picture's name without its ending, Model an embedded one.
	File, Model string
	// Args are options as Fill takes them.
	Args []string
}

// entry returns a row whose New and Read are of the types F and R.
func entry[F, R any, PF interface {
	*F
	Figure
}, PR interface {
	*R
	Result
}](e Entry) Entry {
	e.New = func() Figure {
		f := PF(new(F))
		setDefaults(f)
		return f
	}
	if e.Group == "" {
		e.Group = Look
	}
	e.Read = func(numbers []byte) (Result, error) {
		r := PR(new(R))
		if err := plainjson.Unmarshal(numbers, r); err != nil {
			return nil, err
		}
		return r, nil
	}
	return e
}

// Lookup returns the row of a name.
func Lookup(name string) (Entry, bool) {
	i := slices.IndexFunc(All, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return All[i], true
}

// New returns the settings of the figure of that name, all at their defaults. It
// panics if All has no such figure.
func New(name string) Figure {
	e, ok := Lookup(name)
	if !ok {
		panic(fmt.Sprintf("figure: none is called %q", name))
	}
	return e.New()
}

// types are the rows by the type of their settings.
var types = map[reflect.Type]string{}

func init() {
	for _, e := range All {
		types[reflect.TypeOf(e.New())] = e.Name
	}
}

// entryOf returns the row of a figure. It panics if it is of no type in All.
func entryOf(f Figure) Entry {
	e, ok := Lookup(types[reflect.TypeOf(f)])
	if !ok {
		panic(fmt.Sprintf("figure: %T is not in All", f))
	}
	return e
}
