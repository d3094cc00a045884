package main

import (
	"fmt"
	"strings"

	"dcganviz/cmd/dcganviz/internal/complete"
)

// completionCmd prints what makes a shell complete dcganviz's command lines.
type completionCmd struct {
	Shell string `arg:"" name:"shell" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// installs are the lines that install the completion for good, by shell. bash looks for
// completions in a folder only with the package bash-completion, and zsh never looks in
// the home folder, so their scripts are read when the shell starts.
var installs = map[string][]string{
	"bash": {"echo 'source <(dcganviz completion bash)' >> ~/.bashrc"},
	"zsh":  {"echo 'source <(dcganviz completion zsh)' >> ~/.zshrc"},
	"fish": {"mkdir -p ~/.config/fish/completions", "dcganviz completion fish > ~/.config/fish/completions/dcganviz.fish"},
}

// Help says how the scripts are installed.
func (*completionCmd) Help() string {
	var b strings.Builder
	b.WriteString("The script asks the program itself, so what it completes is what this version takes: " +
		"commands, flags, their values and the embedded models, besides files. Install it once, and open a new shell. ")
	for _, shell := range []string{"bash", "zsh", "fish"} {
		fmt.Fprintf(&b, "In %s:\n\n    %s\n\n", shell, strings.Join(installs[shell], "\n    "))
	}
	b.WriteString("Where bash-completion is installed, ~/.local/share/bash-completion/completions/dcganviz may hold bash's script in place of .bashrc, " +
		"which is then read when it is first needed; of zsh, a file _dcganviz in a folder of $fpath.")
	return b.String()
}

func (*completionCmd) examples() []string {
	return []string{"dcganviz completion bash", "dcganviz completion zsh", "dcganviz completion fish"}
}

func (c *completionCmd) Run(e *env) error {
	_, err := fmt.Fprint(e.stdout, complete.Script(c.Shell, "dcganviz"))
	return err
}
