package figure

import (
	"path"
	"slices"
	"strings"
)

// nameApart puts the options in which pictures of one command and model differ into their
// titles: first those that all of them have, then others, and at last the file's name.
func nameApart(all []*Block) {
	groups := make(map[string][]*Block)
	for _, b := range all {
		if _, ok := Lookup(b.Command); ok {
			key := b.Command + " " + b.modelName()
			groups[key] = append(groups[key], b)
		}
	}
	for _, group := range groups {
		if len(group) > 1 {
			addOptions(group, true)
		}
	}
	for _, same := range sameTitles(all) {
		addOptions(same, false)
	}
	for _, same := range sameTitles(all) {
		for _, b := range same {
			b.Title += ", " + b.Picture.File
		}
	}
}

// sameTitles are the groups of blocks that have one title.
func sameTitles(all []*Block) (groups [][]*Block) {
	byTitle := make(map[string][]*Block)
	for _, b := range all {
		byTitle[b.Title] = append(byTitle[b.Title], b)
	}
	for _, group := range byTitle {
		if len(group) > 1 {
			groups = append(groups, group)
		}
	}
	return groups
}

// mostNamed options stand in a title.
const mostNamed = 6

// addOptions adds the options in which a group differs to its titles. With everywhere they are
// those that each of the group has.
func addOptions(group []*Block, everywhere bool) {
	given := make([]map[string]string, len(group))
	var names []string
	for i, b := range group {
		given[i] = make(map[string]string)
		for _, o := range b.named() {
			if !slices.Contains(names, o.name) {
				names = append(names, o.name)
			}
			given[i][o.name] = o.text
		}
	}
	added := 0
	for _, name := range names {
		first, differ, missing := given[0][name], false, false
		for _, options := range given {
			text, ok := options[name]
			differ, missing = differ || text != first, missing || !ok
		}
		if !differ || missing && everywhere || added == mostNamed {
			continue
		}
		added++
		for i, b := range group {
			if text := given[i][name]; text != "" && !says(b.Title, text) {
				b.Title += ", " + text
			}
		}
	}
}

// modelName is the name of the model that drew the picture: an embedded one's, or the name
// of the file or folder that the numbers name. Without either it is nothing.
func (b *Block) modelName() string {
	if b.Picture.Model != "" || b.file == "" {
		return b.Picture.Model
	}
	return shortened(path.Base(strings.ReplaceAll(b.file, `\`, "/")))
}

// shortened cuts a text that is too long for a title.
func shortened(text string) string {
	if letters := []rune(text); len(letters) > mostNameLetters {
		return string(letters[:mostNameLetters]) + "…"
	}
	return text
}

// A namedOption is an option with the words that stand for it in a title.
type namedOption struct{ name, text string }

// mostNameLetters of an option's value stand in a title.
const mostNameLetters = 40

// named are the block's options, and before them its model if nothing says its name.
func (b *Block) named() (all []namedOption) {
	if b.modelName() == "" && b.Picture.SHA256 != "" {
		all = append(all, namedOption{"model", "model " + b.Picture.SHA256[:min(8, len(b.Picture.SHA256))]})
	}
	for _, a := range b.Args {
		a = strings.TrimPrefix(a, "--")
		name, value, ok := strings.Cut(a, "=")
		if !ok {
			all = append(all, namedOption{strings.TrimPrefix(a, "no-"), strings.ReplaceAll(a, "-", " ")})
			continue
		}
		all = append(all, namedOption{name, strings.ReplaceAll(name, "-", " ") + " " + shortened(value)})
	}
	return all
}

// says reports whether a title says an option already: with its name, or its value if that
// is a word.
func says(title, option string) bool {
	has := func(words string) bool {
		return strings.Contains(" "+strings.NewReplacer(",", " ", ":", " ").Replace(strings.ToLower(title))+" ", " "+strings.ToLower(words)+" ")
	}
	value := option[strings.LastIndexByte(option, ' ')+1:]
	return has(option) || strings.ContainsFunc(value[:min(1, len(value))], func(r rune) bool { return r >= 'a' && r <= 'z' }) && has(value)
}
