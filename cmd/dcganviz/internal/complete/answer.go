package complete

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// Command is the command that the scripts ask. It is for them alone, so the
// parser does not know it, and no help names it.
const Command = "__complete"

// An action is what the shell is to do with an answer.
type action string

const (
	offerWords    action = "words"     // offer the candidates: commands or flags, which need no quotes
	offerOpen     action = "open"      // the same, and put no space behind them
	offerValues   action = "values"    // offer the candidates, quoted where they must be
	offerFiles    action = "files"     // offer the candidates, and files and folders
	offerFolders  action = "folders"   // offer folders alone
	offerByItself action = "as-always" // bash does what it does without us
)

// Answer writes to w what a script asks for by args, the words behind Command.
// app is the parser's root. Where nothing can be offered, w gets no candidates.
//
// The first line says what the shell is to do. The second holds the part of the
// word at the cursor that stands before the candidates. For bash, three lines
// hold the beginning of the files to offer, how much of it to leave out, and what
// to put before it. Each line behind them is a candidate.
func Answer(w io.Writer, app *kong.Node, sources map[string]Source, args []string) {
	if len(args) < 2 {
		return
	}
	shell, args := args[0], args[1:]
	if shell == "bash" {
		if len(args) == 2 {
			answerBash(w, app, sources, splitLine(args[1], args[0]))
		}
		return
	}
	before, word := args[:len(args)-1], args[len(args)-1]
	o := offerAt(app, sources, before, word)
	fmt.Fprintf(w, "%s\n%s\n", o.action, o.prefix)
	for _, c := range o.candidates {
		switch {
		case !printable(c.Word):
		case shell == "zsh":
			word := strings.NewReplacer(`\`, `\\`, ":", `\:`).Replace(c.Word)
			fmt.Fprintln(w, strings.TrimSuffix(word+":"+c.About, ":"))
		default:
			fmt.Fprintf(w, "%s%s\t%s\n", o.prefix, c.Word, c.About)
		}
	}
}

// First returns the first word of a command line, as Answer gets it, that is no flag and
// stands before the cursor. It is empty if there is none.
func First(args []string) string {
	var before []string
	switch {
	case len(args) < 2:
	case args[0] != "bash":
		before = args[1 : len(args)-1]
	case len(args) == 3:
		if words := splitLine(args[2], args[1]).words; len(words) > 0 {
			before = words[1:]
		}
	}
	for _, w := range before {
		if !strings.HasPrefix(w, "-") {
			return w
		}
	}
	return ""
}

// answerBash writes the candidates that begin with the word at the cursor,
// without the part of it that bash keeps. If no candidate begins with it, bash completes
// files by itself: it knows ~ and $HOME and how to quote.
func answerBash(w io.Writer, app *kong.Node, sources map[string]Source, line bashLine) {
	if line.redirect || len(line.words) == 0 {
		fmt.Fprintln(w, offerByItself)
		return
	}
	o := offerAt(app, sources, line.words[1:], line.word)
	var fit []string
	for _, c := range o.candidates {
		word := o.prefix + c.Word
		if strings.HasPrefix(word, line.word) && printable(word) && !slices.Contains(fit, word[line.kept:]) {
			fit = append(fit, word[line.kept:])
		}
	}
	kept, action := line.word[:line.kept], o.action
	if action == offerFiles && len(fit) == 0 && (kept == "" || strings.HasSuffix(kept, "=")) || !printable(line.word) {
		action = offerByItself
	}
	fmt.Fprintf(w, "%s\n%s\n%s\n%s\n", action, strings.TrimPrefix(line.word, o.prefix), strings.TrimPrefix(kept, o.prefix), strings.TrimPrefix(o.prefix, kept))
	for _, word := range fit {
		fmt.Fprintln(w, word)
	}
}

// printable reports whether a terminal may get the text as it is.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
