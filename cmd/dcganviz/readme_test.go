package main

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeCommandsRun runs the commands on foreign checkpoints of README and of
// docs/checkpoints.md, in their order.
func TestReadmeCommandsRun(t *testing.T) {
	_, section, ok := strings.Cut(string(read(t, "../../README.md")), "\n## Your own checkpoint\n")
	if !ok {
		t.Fatal("README has no such section")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	section += string(read(t, "../../docs/checkpoints.md"))
	t.Chdir(t.TempDir())
	must(t, "convert", foreignFile("examples.pth"), "netG.pth", "--net", "g")
	must(t, "convert", foreignFile("examples.pth"), "netD.pth", "--net", "d")
	for name, source := range map[string]string{
		"checkpoint.pth": "examples.pth", "other.pth": "digits.pth", "conditional.pth": "class_last.pth", "onehot.pth": "class_hot10.pth",
	} {
		if err := os.WriteFile(name, read(t, foreignFile(source)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	commands := 0
	for _, line := range strings.Split(section, "\n") {
		if args, ok := strings.CutPrefix(line, "    dcganviz "); ok {
			must(t, strings.Fields(args)...)
			commands++
		}
	}
	if commands < 12 {
		t.Errorf("%d commands, want 12 or more", commands)
	}
}
