package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// A candidate is what may stand at the cursor.
type candidate struct{ word, about string }

// besides is what may stand at the cursor besides an offer's candidates: what
// a shell completes itself.
type besides uint8

const (
	nothing besides = iota
	files           // of any sort, and folders
	folders
)

// An offer is all that may stand at the cursor.
type offer struct {
	// prefix is how the word at the cursor begins, before what is completed:
	// "--method=", or the names before the last comma of a list.
	prefix     string
	candidates []candidate
	besides    besides
	// plain candidates are commands and flags: no shell needs to quote them.
	plain bool
	// open candidates want something right behind them, not a space.
	open bool
}

// A cursor is a place in a command line, and what stands before it.
type cursor struct {
	node   *kong.Node
	values map[*kong.Flag]string // the flags that were given
	args   []string              // arguments of node
	ended  bool                  // by --: no more flags
	// list are the names before the cursor where names with commas between
	// them are being completed.
	list []string
}

// offerAt returns what may stand in place of word, after the words before it.
// It reads them as the parser of the command line does, but takes no offence at
// mistakes.
func offerAt(app *kong.Node, before []string, word string) offer {
	c := &cursor{node: app, values: make(map[*kong.Flag]string)}
	for i := 0; i < len(before); i++ {
		w := before[i]
		if c.ended || len(w) < 2 || w[0] != '-' {
			c.argument(w)
			continue
		}
		if w == "--" {
			c.ended = true
			continue
		}
		f, value, valued := c.flag(w)
		switch {
		case f == nil:
		case valued || !takesValue(f):
			c.values[f] = value
		case i+1 < len(before):
			i++
			c.values[f] = before[i]
		default:
			return c.valueOffer(f.Value, "", word)
		}
	}
	if c.ended || !strings.HasPrefix(word, "-") {
		return c.argumentOffer(word)
	}
	if name, value, ok := strings.Cut(word, "="); ok {
		if f, _, _ := c.flag(name); f != nil && takesValue(f) {
			return c.valueOffer(f.Value, name+"=", value)
		}
		return offer{}
	}
	return c.flagOffer()
}

// argument goes past a word that is no flag.
func (c *cursor) argument(word string) {
	for _, n := range c.node.Children {
		if n.Name == word && len(c.node.Positional) == len(c.args) {
			c.node, c.args = n, nil
			return
		}
	}
	c.args = append(c.args, word)
}

// flag returns the flag that a word gives, and the value that stands in the same
// word.
func (c *cursor) flag(word string) (f *kong.Flag, value string, valued bool) {
	name, value, valued := strings.Cut(word, "=")
	if !strings.HasPrefix(word, "--") {
		if len(word) > 2 {
			name, value, valued = word[:2], word[2:], true
		}
	}
	for _, f := range c.flags() {
		if slices.Contains(spellings(f), name) {
			return f, value, valued
		}
	}
	return nil, "", false
}

// flags are those of the command and of those above it.
func (c *cursor) flags() []*kong.Flag { return slices.Concat(c.node.AllFlags(false)...) }

// spellings are how a flag may be written, the usual one first.
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

func takesValue(f *kong.Flag) bool { return !f.IsBool() && !f.IsCounter() }

// argumentOffer offers the commands, or what the next argument may be.
func (c *cursor) argumentOffer(word string) offer {
	if len(c.args) < len(c.node.Positional) {
		return c.valueOffer(c.node.Positional[len(c.args)], "", word)
	}
	o := offer{plain: true}
	for _, n := range c.node.Children {
		if !n.Hidden {
			o.candidates = append(o.candidates, candidate{n.Name, firstSentence(n.Help)})
		}
	}
	if o.candidates == nil && !c.ended && word == "" {
		return c.flagOffer()
	}
	return o
}

// flagOffer offers the flags that may still be given.
func (c *cursor) flagOffer() offer {
	o := offer{plain: true}
	for _, f := range c.flags() {
		if f.Hidden || c.excluded(f) {
			continue
		}
		for _, s := range spellings(f) {
			o.candidates = append(o.candidates, candidate{s, firstSentence(f.Help)})
		}
	}
	return o
}

// excluded reports whether the flags before the cursor leave no room for f.
func (c *cursor) excluded(f *kong.Flag) bool {
	if _, given := c.values[f]; given {
		return !f.IsCumulative()
	}
	for g := range c.values {
		if slices.ContainsFunc(g.Xor, func(x string) bool { return slices.Contains(f.Xor, x) }) {
			return true
		}
	}
	return false
}

// value returns what was given of the flag or argument of that name.
func (c *cursor) value(name string) string {
	for f, v := range c.values {
		if f.Name == name {
			return v
		}
	}
	for i, v := range c.node.Positional {
		if v.Name == name && i < len(c.args) {
			return c.args[i]
		}
	}
	return ""
}

// firstSentence returns the beginning of a help text, which has a line in the
// shell's list.
func firstSentence(help string) string {
	help, _, _ = strings.Cut(help, ". ")
	help, _, _ = strings.Cut(help, " (default: ")
	return strings.TrimSuffix(help, ".")
}
