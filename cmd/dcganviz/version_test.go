package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVersionAndHelpAsPeopleTypeThem answers on stdout, and with 0.
func TestVersionAndHelpAsPeopleTypeThem(t *testing.T) {
	version := must(t, "version").stdout
	overview := must(t).stdout
	for _, c := range []struct {
		args string
		want string
	}{
		{"--version", version},
		{"-V", version},
		{"walk --version", version},
		{"--version walk", version},
		{"help", overview},
		{"help walk", must(t, "walk", "--help").stdout},
		{"help score fit", must(t, "score", "fit", "--help").stdout},
		{"help score", must(t, "score", "--help").stdout},
		{"help help", must(t, "help", "--help").stdout},
	} {
		if r := must(t, strings.Fields(c.args)...); r.stdout != c.want || r.stderr != "" {
			t.Errorf("%s: %q and %q, want %q", c.args, r.stdout, r.stderr, c.want)
		}
	}
	for _, args := range []string{"help nosuch", "help score nosuch", "help walk nosuch"} {
		refusal{args, strings.Fields(args), exitUsage, []string{`no command "nosuch"`, "--help"}}.check(t)
	}
	if help := must(t, "--help").stdout; !strings.Contains(help, "-V, --version") {
		t.Errorf("--help says nothing of --version:\n%s", help)
	}
	// A command's help would repeat it forty times.
	if help := must(t, "walk", "--help").stdout; strings.Contains(help, "--version") {
		t.Errorf("walk --help has\n%s", help)
	}
	if man := must(t, "man").stdout; !strings.Contains(man, `version (\-V)`) && !strings.Contains(man, "version (-V)") {
		t.Error("the manual page says nothing of --version")
	}
}

// TestVersionAndHelpAreCompleted: what completion offers, by the answer for fish.
func TestVersionAndHelpAreCompleted(t *testing.T) {
	for line, want := range map[string]struct {
		word string
		not  bool
	}{
		"-": {"--version", false}, "walk -": {"--version", true}, "help ": {"walk", false}, "help score ": {"fit", false},
		"help walk ": {"score", true}, "": {"help", false},
	} {
		words := strings.Split(line, " ")
		r := must(t, append([]string{"__complete", "fish"}, words...)...)
		offered := slices.ContainsFunc(strings.Split(r.stdout, "\n"), func(l string) bool { return strings.HasPrefix(l, want.word+"\t") })
		if offered == want.not {
			t.Errorf("%q: %q offered %v\n%s", line, want.word, offered, r.stdout)
		}
	}
}

// TestEndingsSayWhatIsWritten: a name must not promise another kind of file.
func TestEndingsSayWhatIsWritten(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "sample", "-n", "1")
	must(t, "walk", "--steps", "2", "--no-audit", "--gif")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	sheet, film := filepath.Join(here, "gallery", "facades-sample.png"), filepath.Join(here, "gallery", "facades-walk-moving.gif")
	fit := []string{"score", "fit", "--data", photos, "--boxes", "b.csv", "--concept", "x", "--out"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"convert", run, "x.onnx"}, ".safetensors or .pth or .pt"},
		{[]string{"convert", run, "x.ckpt"}, ".safetensors or .pth or .pt"},
		{[]string{"convert", run, "x.pth.zip"}, ".pth"},
		{[]string{"convert", "--model", run, "x.bin"}, ".pth"},
		{append(fit, "x.pth"), ".safetensors"},
		{append(fit, "x.onnx"), ".safetensors"},
		{[]string{"sample", run, "-n", "1", "--out", "x.svg"}, ".png"},
		{[]string{"sample", run, "-n", "1", "--out", "x.json"}, ".png"},
		{[]string{"sample", run, "-n", "1", "--out", "x.gif"}, ".png"},
		{[]string{"walk", run, "--gif", "--out", "x.webm"}, ".gif"},
		{[]string{"walk", run, "--apng", "--out", "x.mp4"}, ".apng or .png"},
		{[]string{"sample", run, "-n", "1", "--npy", "x.npz"}, ".npy"},
		{[]string{"sample", run, "-n", "1", "--npy", "x.png"}, ".npy"},
		{[]string{"tsne", run, "--out", "x.html"}, ".png"},
		{[]string{"replay", sheet, "--out", "x.jpg"}, ".png"},
		{[]string{"replay", film, "--out", "x.apng"}, ".gif"},
	} {
		refusal{strings.Join(c.args, " "), c.args, exitUsage, []string{c.args[len(c.args)-1], "let its name end with", c.want}}.check(t)
	}
	for _, args := range [][]string{
		{"convert", run, "a.SafeTensors"}, {"convert", run, "a.PT"}, {"convert", run, "plain"},
		{"sample", run, "-n", "1", "--out", "A.PNG", "--npy", "A.NPY"}, {"sample", run, "-n", "1", "--out", "noend"},
		{"replay", sheet, "--out", "again.png"}, {"replay", film, "--out", "again.gif"},
	} {
		must(t, args...)
	}
}
