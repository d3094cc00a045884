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

// bash and fish look in these folders for the completion of a command. bash does
// so only with the package bash-completion, and zsh looks nowhere in the home
// folder: the scripts of these two are read when the shell starts.
const (
	bashCompletions = "~/.local/share/bash-completion/completions"
	fishCompletions = "~/.config/fish/completions"
)

// installs are the lines that install the completion for good, by shell.
var installs = map[string][]string{
	"bash": {"echo 'source <(dcganviz completion bash)' >> ~/.bashrc"},
	"zsh":  {"echo 'source <(dcganviz completion zsh)' >> ~/.zshrc"},
	"fish": {"mkdir -p " + fishCompletions, "dcganviz completion fish > " + fishCompletions + "/dcganviz.fish"},
}

// Help says how the scripts are installed.
func (*completionCmd) Help() string {
	var b strings.Builder
	b.WriteString("The script asks the program itself, so what it completes is what this version takes: " +
		"commands, flags, their values and the embedded models, besides files. Install it once, and open a new shell. ")
	for _, shell := range []string{"bash", "zsh", "fish"} {
		fmt.Fprintf(&b, "In %s:\n\n    %s\n\n", shell, strings.Join(installs[shell], "\n    "))
	}
	b.WriteString("Where bash-completion is installed, " + bashCompletions + "/dcganviz may hold bash's script in place of .bashrc, " +
		"which is then read when it is first needed; of zsh, a file _dcganviz in a folder of $fpath.")
	return b.String()
}

func (*completionCmd) examples() []string {
	return []string{"dcganviz completion bash", "dcganviz completion zsh", "dcganviz completion fish"}
}

// Run is the command.
func (c *completionCmd) Run(e *env) error {
	_, err := fmt.Fprint(e.stdout, complete.Script(c.Shell, "dcganviz"))
	return err
}
