package manual

import (
	"fmt"

	"github.com/alecthomas/kong"
)

func ExamplePage_Format() {
	var line struct {
		Draw struct {
			Animal string `arg:"" help:"What to draw."`
			Style  string `placeholder:"NAME" required:"" help:"Ink or oil."`
			Fast   bool   `short:"f" negatable:"" group:"Speed" help:"Draw less."`
		} `cmd:"" group:"Look" help:"Draw an animal."`
		Hide struct{} `cmd:"" help:"Not of a group."`
	}
	parser := kong.Must(&line, kong.Name("zoo"), kong.Description("Draw animals."))
	page := Page{
		Version:  "1.0",
		Commands: "Each takes --help.",
		Groups:   []string{"Look"},
		Examples: func(n *kong.Node) []string { return []string{"zoo " + n.Name + " cat"} },
		Before:   []Section{{Title: "DESCRIPTION", Text: "It draws."}},
		After:    []Section{{Title: "FILES", Items: []Item{{"cat.png", "A cat."}}, Paths: true}},
	}
	fmt.Print(page.Format(parser.Model))
	// Output:
	// .TH "ZOO" "1" "" "zoo 1.0" "User Commands"
	// .nh
	// .ad l
	// .SH "NAME"
	// zoo \- draw animals
	// .SH "SYNOPSIS"
	// \fBzoo\fR \fIcommand\fR [\fIargument\fR ...] [\fIflag\fR ...]
	// .br
	// \fBzoo\fR [\fIcommand\fR] \fB\-\-help\fR
	// .SH "DESCRIPTION"
	// It draws.
	// .SH "COMMANDS"
	// Each takes \-\-help.
	// .SS "draw"
	// \fBzoo draw\fR \-\-style=NAME <animal> [flags]
	// .PP
	// Draw an animal.
	// .TP
	// \fIanimal\fR
	// What to draw.
	// .TP
	// \fB\-\-style\fR=\fINAME\fR
	// Ink or oil. Required.
	// .PP
	// \fISpeed\fR
	// .TP
	// \fB\-f\fR, \fB\-\-[no\-]fast\fR
	// Draw less.
	// .PP
	// Examples:
	// .PP
	// .RS "4"
	// .EX
	// zoo draw cat
	// .EE
	// .RE
	// .SH "FILES"
	// .TP
	// \fIcat.png\fR
	// A cat.
}
