package complete

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// An offer is all that may stand at the cursor.
type offer struct {
	// prefix is the beginning of the word at the cursor that stands before the
	// candidates: "--method=", or the names up to the last comma of a list.
	prefix     string
	candidates []Candidate
	action     action
}

// A Line is a command line up to the word at the cursor.
type Line struct {
	Command *kong.Node // the command so far; the parser's root if none is named

	sources map[string]Source
	values  map[*kong.Flag]string // the flags that were given
	args    []string              // the arguments of Command
	ended   bool                  // by --: no flags follow
}

// RootOnly is the tag of a flag of the parser's root that is offered only before any
// command.
const RootOnly = "root"

// offerAt returns what may stand in place of word, after the words before it.
// It reads them as the parser does, but ignores mistakes.
func offerAt(app *kong.Node, sources map[string]Source, before []string, word string) offer {
	l := &Line{Command: app, sources: sources, values: make(map[*kong.Flag]string)}
	for i := 0; i < len(before); i++ {
		w := before[i]
		if l.ended || len(w) < 2 || w[0] != '-' {
			l.argument(w)
			continue
		}
		if w == "--" {
			l.ended = true
			continue
		}
		f, value, valued := l.flag(w)
		switch {
		case f == nil:
		case valued || !takesValue(f):
			l.values[f] = value
		case i+1 < len(before):
			i++
			l.values[f] = before[i]
		default:
			return l.valueOffer(f.Value, "", word)
		}
	}
	if l.ended || !strings.HasPrefix(word, "-") {
		return l.argumentOffer(word)
	}
	if name, value, ok := strings.Cut(word, "="); ok {
		if f, _, _ := l.flag(name); f != nil && takesValue(f) {
			return l.valueOffer(f.Value, name+"=", value)
		}
		return offer{action: offerValues}
	}
	return l.flagOffer()
}

// argument goes past a word that is not a flag.
func (l *Line) argument(word string) {
	for _, n := range l.Command.Children {
		if n.Name == word && len(l.Command.Positional) == len(l.args) {
			l.Command, l.args = n, nil
			return
		}
	}
	l.args = append(l.args, word)
}

// flag returns the flag that a word gives, and its value if the same word holds
// it.
func (l *Line) flag(word string) (f *kong.Flag, value string, valued bool) {
	name, value, valued := strings.Cut(word, "=")
	if !strings.HasPrefix(word, "--") && len(word) > 2 {
		name, value, valued = word[:2], word[2:], true
	}
	for _, f := range l.flags() {
		if slices.Contains(spellings(f), name) {
			return f, value, valued
		}
	}
	return nil, "", false
}

// flags returns the flags of the command and of the commands above it.
func (l *Line) flags() []*kong.Flag { return slices.Concat(l.Command.AllFlags(false)...) }

// spellings returns the ways to write a flag, the usual one first.
func spellings(f *kong.Flag) []string {
	all := []string{"--" + f.Name}
	if f.Short != 0 {
		all = append(all, "-"+string(f.Short))
	}
	switch f.Tag.Negatable {
	case "":
	case "_":
		all = append(all, "--no-"+f.Name)
	default:
		all = append(all, "--"+f.Tag.Negatable)
	}
	return all
}

// takesValue reports whether a value stands behind the flag.
func takesValue(f *kong.Flag) bool { return !f.IsBool() && !f.IsCounter() }

// argumentOffer offers the commands, or what the next argument may be.
func (l *Line) argumentOffer(word string) offer {
	if all := l.Command.Positional; len(l.args) < len(all) {
		return l.valueOffer(all[len(l.args)], "", word)
	} else if len(all) > 0 && all[len(all)-1].IsCumulative() {
		return l.valueOffer(all[len(all)-1], "", word)
	}
	o := offer{action: offerWords}
	for _, n := range l.Command.Children {
		if !n.Hidden {
			o.candidates = append(o.candidates, Candidate{n.Name, firstSentence(n.Help)})
		}
	}
	if o.candidates == nil && !l.ended && word == "" {
		return l.flagOffer()
	}
	return o
}

// flagOffer offers the flags that may still be given.
func (l *Line) flagOffer() offer {
	o := offer{action: offerWords}
	for _, f := range l.flags() {
		if f.Hidden || l.excluded(f) || f.Tag.Has(RootOnly) && l.Command.Parent != nil {
			continue
		}
		for _, s := range spellings(f) {
			o.candidates = append(o.candidates, Candidate{s, firstSentence(f.Help)})
		}
	}
	return o
}

// excluded reports whether the flags before the cursor exclude f.
func (l *Line) excluded(f *kong.Flag) bool {
	if _, given := l.values[f]; given {
		return !f.IsCumulative()
	}
	for g := range l.values {
		if slices.ContainsFunc(g.Xor, func(x string) bool { return slices.Contains(f.Xor, x) }) {
			return true
		}
	}
	return false
}

// Args returns the command's arguments so far.
func (l *Line) Args() []string { return l.args }

// Value returns the value of the command's flag or argument of that name; empty
// if it was not given.
func (l *Line) Value(name string) string {
	for f, v := range l.values {
		if f.Name == name {
			return v
		}
	}
	for i, v := range l.Command.Positional {
		if v.Name == name && i < len(l.args) {
			return l.args[i]
		}
	}
	return ""
}
