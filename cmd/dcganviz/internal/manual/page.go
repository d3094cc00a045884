package manual

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// A Page is what the manual page of a program says besides what its parser
// knows.
type Page struct {
	Version string
	// Before are sections between the synopsis and the commands.
	Before []Section
	// Commands is a paragraph about all commands.
	Commands string
	// Groups are the keys of the groups of commands, in the order of the page. A
	// command of no such group is left out.
	Groups []string
	// Shared is a group of flags that many commands have. They are written once,
	// behind the commands: its Title is the group's key, its Text a paragraph about
	// them. Its other fields are not read.
	Shared Section
	// Examples returns command lines that show a command.
	Examples func(*kong.Node) []string
	// After are sections behind the commands.
	After []Section
}

// A Section is a part of the page with a heading.
type Section struct {
	Title string
	// Text and End stand before and behind the items. In both, empty lines divide
	// paragraphs, and indented lines are printed as they are.
	Text, End string
	Items     []Item
	// Paths reports that the items are about paths, and not about words to type.
	Paths bool
}

// An Item is an entry of a list.
type Item struct{ Name, About string }

// Format returns the page. It has no date, so it is always the same for one
// version of the program.
func (p Page) Format(app *kong.Application) string {
	r := new(roff)
	r.macro("TH", strings.ToUpper(app.Name), "1", "", app.Name+" "+p.Version, "User Commands")
	r.WriteString(layout)
	r.macro("SH", "NAME")
	about := strings.TrimSuffix(app.Help, ".")
	r.line(app.Name + ` \- ` + escape(strings.ToLower(about[:1])+about[1:]))
	r.macro("SH", "SYNOPSIS")
	r.line(bold(app.Name) + " " + italic("command") + " [" + italic("argument") + " ...] [" + italic("flag") + " ...]")
	r.macro("br")
	r.line(bold(app.Name) + " [" + italic("command") + "] " + bold("--help"))
	r.sections(p.Before)
	p.commands(r, app)
	r.sections(p.After)
	return r.String()
}

func (r *roff) sections(all []Section) {
	for _, s := range all {
		style := bold
		if s.Paths {
			style = italic
		}
		r.macro("SH", s.Title)
		r.prose(s.Text)
		for _, item := range s.Items {
			r.item(style(item.Name), item.About)
		}
		r.prose(s.End)
	}
}

// commands writes what each command takes, and the flags that they share.
func (p Page) commands(r *roff, app *kong.Application) {
	r.macro("SH", "COMMANDS")
	r.paragraph(p.Commands)
	var shared []*kong.Flag
	for _, group := range p.Groups {
		for _, n := range app.Leaves(true) {
			if g := n.ClosestGroup(); g != nil && g.Key == group {
				shared = p.command(r, app, n, shared)
			}
		}
	}
	if shared != nil {
		r.macro("SH", strings.ToUpper(p.Shared.Title))
		r.paragraph(p.Shared.Text)
		r.flags(shared)
	}
}

// command writes one command. It returns its shared flags if it has any.
func (p Page) command(r *roff, app *kong.Application, n *kong.Node, shared []*kong.Flag) []*kong.Flag {
	r.macro("SS", n.Path())
	r.line(bold(app.Name+" "+n.Path()) + escape(strings.TrimPrefix(n.Summary(), n.Path())))
	r.paragraph(n.Help)
	r.prose(n.Detail)
	for _, a := range n.Positional {
		r.item(italic(a.Name), a.Help)
	}
	groups, byGroup := grouped(n.Flags)
	for _, group := range groups {
		if group == p.Shared.Title && group != "" {
			continue
		}
		if group != "" {
			r.begin()
			r.line(italic(group))
		}
		r.flags(byGroup[group])
	}
	if own := byGroup[p.Shared.Title]; own != nil && p.Shared.Title != "" {
		shared = own
		r.paragraph("Besides, the flags under " + strings.ToUpper(p.Shared.Title) + ".")
	}
	if examples := p.Examples(n); examples != nil {
		r.paragraph("Examples:")
		r.literal(examples...)
	}
	return shared
}

// grouped returns the visible flags by the key of their group, and the keys in
// their order. Flags without a group have the key "".
func grouped(flags []*kong.Flag) (keys []string, byGroup map[string][]*kong.Flag) {
	byGroup = make(map[string][]*kong.Flag)
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		key := ""
		if f.Group != nil {
			key = f.Group.Key
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
		byGroup[key] = append(byGroup[key], f)
	}
	return keys, byGroup
}

func (r *roff) flags(all []*kong.Flag) {
	for _, f := range all {
		head := bold("--" + f.Name)
		if f.Tag.Negatable != "" {
			head = bold("--[no-]" + f.Name)
		}
		if f.Short != 0 {
			head = bold("-"+string(f.Short)) + ", " + head
		}
		if !f.IsBool() && !f.IsCounter() {
			head += "=" + italic(f.FormatPlaceHolder())
		}
		about := f.Help
		if f.Required {
			about += " Required."
		}
		r.item(head, about)
	}
}
