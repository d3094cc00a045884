// Package manual writes the manual page of a kong parser, in troff's language.
//
//	page := manual.Page{
//		Version:  "1.0",
//		Groups:   []string{"Look", "Make"},
//		Examples: func(n *kong.Node) []string { return examples[n.Name] },
//		After:    []manual.Section{{Title: "EXIT STATUS", Items: exits}},
//	}
//	io.WriteString(os.Stdout, page.Format(parser.Model))
//
// Commands, arguments, flags and their help come from the parser; all other texts
// are handed in. Both groff and mandoc print the page as the texts are.
package manual
