package main

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
	"dcganviz/probe/units"
)

// A choice is what a flag or an argument may be, where the parser of the command
// line does not know: it takes any text, which is checked later.
type choice struct {
	names func(c *cursor) []string
	// about says what one of them is; nil says nothing.
	about func(name string) string
	// list is of names with commas between them.
	list bool
	// files may be named, too.
	files bool
	// free text is no choice, and no file.
	free bool
}

// choices are by command and flag, or by flag alone where it is the same in
// all commands; arguments are in angle brackets.
var choices = func() map[string]choice {
	models := choice{names: fixed(zoo.Names), about: cardTitle, files: true}
	scorers := choice{names: fixed(zoo.Scorers), files: true}
	concepts := choice{names: (*cursor).concepts}
	free := choice{free: true}
	return map[string]choice{
		"<model>":                models,
		"--model":                models,
		"models <name>":          {names: fixed(zoo.Names), about: cardTitle},
		"score eval <scorer>":    scorers,
		"--scorer":               scorers,
		"--guide":                scorers,
		"--judge":                scorers,
		"--concepts":             {names: fixed(zoo.ConceptFiles), files: true},
		"forget --boxes":         {names: fixed(zoo.BoxNames), files: true},
		"forget-windows --boxes": {names: fixed(zoo.BoxNames), files: true},

		"--family": {names: named(readText[checkpoint.Family])},
		"--bn":     {names: named(readText[checkpoint.BNMode])},
		"--law":    {names: named(model.ParseLaw)},

		"forget --concept":        {names: (*cursor).scored},
		"forget --layer":          {names: (*cursor).hiddenLayers, list: true},
		"forget-windows --layer":  {names: (*cursor).hiddenLayers, list: true},
		"forget --method":         {names: methods, list: true},
		"forget-windows --method": {names: methods, list: true},
		"filters --layer":         {names: (*cursor).layersOfD},
		"filters --on":            {names: values(filterSources...)},
		"units --layer":           {names: (*cursor).hiddenLayers},
		"units --hold":            {names: values(units.Zero.String(), units.Mean.String())},
		"units --sort":            {names: values(unitOrders...)},
		"tsne --of":               {names: values(ofSamples, ofLatents, ofImages)},
		"tsne --features":         {names: values(ofD, ofPixels)},
		"turn --from":             concepts,
		"turn --to":               concepts,
		"turn --score":            {names: (*cursor).scores},
		"arithmetic --formula":    {names: (*cursor).formulas},
		"figures --only":          {names: figureNumbers, list: true},

		"train --arch":     {names: named(model.ParseArch)},
		"train --preset":   {names: values(presets...)},
		"train --augment":  {names: augments, list: true},
		"train --size":     {names: sizes},
		"train --channels": {names: channels},
		"score fit --kind": {names: named(score.ParseKind)},
		"score fit --half": {names: named(score.ParseHalf)},

		"train --about":       free,
		"--key":               free,
		"--disc-key":          free,
		"--column":            free,
		"--region":            free,
		"score fit --concept": free,
	}
}()

func fixed(names func() []string) func(*cursor) []string {
	return func(*cursor) []string { return names() }
}

func values(names ...string) func(*cursor) []string {
	return func(*cursor) []string { return names }
}

// named returns the names of an enumeration that its parser takes.
func named[T interface {
	~uint8
	fmt.Stringer
}](parse func(string) (T, error)) func(*cursor) []string {
	return func(*cursor) (all []string) {
		for v := T(0); ; v++ {
			if got, err := parse(v.String()); err != nil || got != v {
				return all
			}
			all = append(all, v.String())
		}
	}
}

// readText returns what a text stands for, of types that read their own.
func readText[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](text string) (v T, err error) {
	err = P(&v).UnmarshalText([]byte(text))
	return v, err
}

// choiceOf returns that of a flag or argument of a command, if it has one.
func choiceOf(command *kong.Node, v *kong.Value) (choice, bool) {
	if v.Enum != "" {
		return choice{names: values(v.EnumSlice()...)}, true
	}
	name := v.ShortSummary()
	if v.Flag == nil {
		name = "<" + v.Name + ">"
	}
	c, ok := choices[commandOf(command)+" "+name]
	if !ok {
		c, ok = choices[name]
	}
	return c, ok
}

// valueOffer offers values of a flag or an argument. Word is what stands there
// up to the cursor, and prefix what stands before it in the same word.
func (c *cursor) valueOffer(v *kong.Value, prefix, word string) offer {
	o := offer{prefix: prefix}
	is, ok := choiceOf(c.node, v)
	switch {
	case v.IsMap():
		return c.inputOffer(prefix, word)
	case is.free:
		return o
	case !ok && v.Flag != nil && v.Flag.PlaceHolder == "DIR", !ok && v.Name == "dir":
		o.besides = folders
		return o
	case !ok && v.Target.Kind() == reflect.String || is.files:
		o.besides = files
	}
	if !ok {
		return o
	}
	if is.list {
		before := word[:strings.LastIndex(word, ",")+1]
		o.prefix += before
		c.list = strings.Split(before, ",")
	}
	for _, name := range is.names(c) {
		if slices.Contains(c.list, name) {
			continue
		}
		o.candidates = append(o.candidates, candidate{word: name})
		if is.about != nil {
			o.candidates[len(o.candidates)-1].about = is.about(name)
		}
	}
	return o
}

// inputOffer offers what replay's --input may be: a flag that names a file, and
// the file.
func (c *cursor) inputOffer(prefix, word string) offer {
	if flag, _, ok := strings.Cut(word, "="); ok {
		return offer{prefix: prefix + flag + "=", besides: files}
	}
	o := offer{prefix: prefix, plain: true, open: true}
	root := c.node
	for root.Parent != nil {
		root = root.Parent
	}
	for _, n := range root.Leaves(true) {
		for _, f := range n.Flags {
			named := candidate{f.Name + "=", firstSentence(f.Help)}
			if f.Tag.Get("recipe") == recipeInput && !slices.ContainsFunc(o.candidates, func(c candidate) bool { return c.word == named.word }) {
				o.candidates = append(o.candidates, named)
			}
		}
	}
	return o
}

// alone returns names that stand for all or none of a list, at its beginning.
func (c *cursor) alone(names ...string) []string {
	if len(c.list) > 1 {
		return nil
	}
	return names
}

func methods(c *cursor) (all []string) {
	for _, m := range forget.Methods() {
		all = append(all, m.String())
	}
	return append(all, c.alone("all")...)
}

func augments(c *cursor) []string {
	all := c.alone(train.Augment(0).String())
	for a := train.Augment(1); ; a <<= 1 {
		if _, err := train.ParseAugment(a.String()); err != nil || a == 0 {
			return all
		}
		all = append(all, a.String())
	}
}

func figureNumbers(*cursor) (all []string) {
	for _, f := range paperFigures {
		all = append(all, f.number)
	}
	return all
}

// mostSize is more than any net's images have.
const mostSize = 256

// sizes are those that nets can be made for.
func sizes(*cursor) []string {
	return valid(mostSize, func(cfg *model.Config, n int) { cfg.Size = n })
}

func channels(*cursor) []string {
	return valid(mostSize, func(cfg *model.Config, n int) { cfg.Channels = n })
}

// valid returns the numbers to most that a net may have of something.
func valid(most int, set func(cfg *model.Config, n int)) (all []string) {
	for n := range most {
		cfg := model.Config{Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
		if set(&cfg, n); cfg.Validate() == nil {
			all = append(all, strconv.Itoa(n))
		}
	}
	return all
}
