package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completeWord is the command that the scripts of completionCmd ask. It is for
// them alone, so no help names it.
//
//	dcganviz __complete bash BREAKS LINE
//	dcganviz __complete zsh|fish WORD... WORD-AT-THE-CURSOR
//
// The first line of its answer says what the shell is to do. The second holds
// what stands before the candidates in the word at the cursor; for bash three
// lines hold how a file to offer begins, how much of it to leave out, and what
// to put before it. Candidates follow, one a line.
const completeWord = "__complete"

// What the shell is to do.
const (
	doWords    = "words"     // offer the candidates: commands or flags
	doOpen     = "open"      // the same, and no space behind them
	doValues   = "values"    // the candidates may have to be quoted
	doFiles    = "files"     // besides them, files
	doFolders  = "folders"   // folders alone
	doAsAlways = "as-always" // what bash does without us
)

// complete answers the script of a shell. It has no errors: whoever presses Tab
// wants none. What it cannot make out it has nothing to offer for.
func (e *env) complete(args []string) {
	if parser, err := newParser(e, func(int) {}); err == nil && len(args) > 1 {
		e.answer(parser.Model.Node, args)
	}
}

// answer answers for a command line whose parser has app.
func (e *env) answer(app *kong.Node, args []string) {
	shell, args := args[0], args[1:]
	if shell == "bash" {
		if len(args) != 2 {
			return
		}
		line := splitLine(args[1], args[0])
		if line.redirect || len(line.words) == 0 {
			e.printf(doAsAlways)
			return
		}
		e.answerBash(offerAt(app, line.words[1:], line.word), line)
		return
	}
	before, word := args[:len(args)-1], args[len(args)-1]
	o := offerAt(app, before, word)
	e.printf("%s\n%s", o.todo(), o.prefix)
	for _, c := range o.candidates {
		switch {
		case printable(c.word) != c.word:
		case shell == "zsh":
			e.printf("%s", strings.TrimSuffix(strings.NewReplacer(`\`, `\\`, ":", `\:`).Replace(c.word)+":"+c.about, ":"))
		default:
			e.printf("%s%s\t%s", o.prefix, c.word, c.about)
		}
	}
}

func (o *offer) todo() string {
	switch {
	case o.besides == files:
		return doFiles
	case o.besides == folders:
		return doFolders
	case o.open:
		return doOpen
	case o.plain:
		return doWords
	}
	return doValues
}

// answerBash prints the candidates that begin with what was typed, without what
// bash keeps of it. Where they are none, bash's own completion of files is
// better than any of ours: it knows ~ and $HOME and how to quote.
func (e *env) answerBash(o offer, line typed) {
	var fit []string
	for _, c := range o.candidates {
		if word := o.prefix + c.word; strings.HasPrefix(word, line.word) && printable(word) == word && !slices.Contains(fit, word[line.kept:]) {
			fit = append(fit, word[line.kept:])
		}
	}
	kept, todo := line.word[:line.kept], o.todo()
	if todo == doFiles && len(fit) == 0 && (kept == "" || strings.HasSuffix(kept, "=")) || printable(line.word) != line.word {
		todo = doAsAlways
	}
	e.printf("%s\n%s\n%s\n%s", todo, strings.TrimPrefix(line.word, o.prefix), strings.TrimPrefix(kept, o.prefix), strings.TrimPrefix(o.prefix, kept))
	for _, word := range fit {
		e.printf("%s", word)
	}
}
