package complete

import (
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// A Source offers what flags and arguments with the tag complete:"NAME" may be,
// where NAME is its key. The zero Source offers nothing: any text may be typed.
type Source struct {
	// Offer returns the candidates for a command line; nil is no candidates.
	Offer func(*Line) []Candidate
	// Files reports that a file may be named, too.
	Files bool
}

// A Candidate may stand at the cursor.
type Candidate struct {
	Word string
	// About says what it is; the shell shows the first sentence. It may be empty.
	About string
}

// Words returns candidates about which there is nothing to say.
func Words(words ...string) []Candidate {
	all := make([]Candidate, len(words))
	for i, w := range words {
		all[i].Word = w
	}
	return all
}

// source returns what a flag or an argument may be, if its tags say so.
func (l *Line) source(v *kong.Value) (Source, bool) {
	words := v.Tag.Get("choices")
	if v.Enum != "" {
		words = strings.Join(v.EnumSlice(), ",")
	}
	if words != "" {
		return Source{Offer: func(*Line) []Candidate { return Words(strings.Split(words, ",")...) }}, true
	}
	s, ok := l.sources[v.Tag.Get("complete")]
	return s, ok
}

// valueOffer offers values of a flag or an argument. word is what stands there up
// to the cursor, and prefix what stands before it in the same word.
func (l *Line) valueOffer(v *kong.Value, prefix, word string) offer {
	o := offer{prefix: prefix, action: offerValues}
	s, tagged := l.source(v)
	key, _, keyed := strings.Cut(word, "=")
	switch {
	case v.IsMap() && keyed:
		return offer{prefix: prefix + key + "=", action: offerFiles}
	case v.IsMap():
		o.action = offerOpen
	case !tagged && (v.Flag != nil && v.Flag.PlaceHolder == "DIR" || v.Name == "dir"):
		o.action = offerFolders
	case !tagged && v.Target.Kind() == reflect.String || s.Files:
		o.action = offerFiles
	}
	if s.Offer == nil {
		return o
	}
	alone := v.Tag.Get("alone")
	var listed []string // the names before the cursor, in a list
	if alone != "" || v.IsSlice() && v.Tag.Sep != -1 {
		before := word[:strings.LastIndex(word, ",")+1]
		o.prefix += before
		listed = strings.Split(before, ",")
	}
	for _, c := range s.Offer(l) {
		if slices.Contains(listed, c.Word) || c.Word == alone && len(listed) > 1 {
			continue
		}
		if v.IsMap() {
			c.Word += "="
		}
		c.About = firstSentence(c.About)
		o.candidates = append(o.candidates, c)
	}
	return o
}

// firstSentence returns the beginning of a help text: the shell's list has one
// line for it.
func firstSentence(help string) string {
	help, _, _ = strings.Cut(help, ". ")
	help, _, _ = strings.Cut(help, " (default: ")
	return strings.TrimSuffix(help, ".")
}
