package main

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
	"dcganviz/internal/shell"
	"dcganviz/viz"
)

// pasted gives a text to each shell that is here, in a folder of its own whose only
// dcganviz prints its arguments in brackets. It returns what each shell's dcganviz
// printed. The test fails if a shell leaves a file.
func pasted(t *testing.T, text string) map[string]string {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "dcganviz"), []byte("#!/bin/sh\nprintf '[%s]' \"$@\"\necho\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	printed := make(map[string]string)
	for _, name := range []string{"sh", "bash", "dash", "zsh", "fish"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Logf("no %s here", name)
			continue
		}
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), path)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(text)
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+dir)
		out, _ := cmd.Output() // a line that is no command fails
		printed[name] = string(out)
		err = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if strings.Contains(path, "pasted") {
				t.Errorf("%s makes %s of\n%s", name, path, text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(printed) == 0 {
		t.Skip("no shell here")
	}
	return printed
}

// attacks each make a file whose name begins with pasted, in a shell that takes them for
// more than text.
var attacks = []string{
	"x; touch pasted #", "x\ntouch pasted", "x\rtouch pasted", "`touch pasted`", "$(touch pasted)", "x | touch pasted", "x & touch pasted",
	"x > pasted", `x'; touch pasted; '`, `x"; touch pasted; "`, `\'; touch pasted; '`, `'\''; touch pasted #`, "-x; touch pasted", "=touch pasted",
	"x && touch pasted", "x || touch pasted", "${x:=$(touch pasted)}", "{touch,pasted}", "\x15touch pasted\r", "x) touch pasted",
}

// TestARecipePastedRunsNothing: no line of it.
func TestARecipePastedRunsNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	const sound = `{"program":"dcganviz","version":"0.1.0","command":"sample","model":"facades","sha256":"00","args":["--n=1"],"inputs":{"z":"00"}}`
	var all []string
	for i, attack := range attacks {
		for k, from := range []string{`"dcganviz"`, `"0.1.0"`, `"sample"`, `"facades"`, `"00"`, `"--n=1"`, `"z"`} {
			for j, to := range []string{attack, "--law=" + attack, "--labels=" + attack} {
				if j > 0 && from != `"--n=1"` {
					continue
				}
				name := forge(t, fmt.Sprintf("%d-%d-%d.png", i, k, j), image.NewGray(image.Rect(0, 0, 4, 4)), strings.Replace(sound, from, asJSON(to), 1))
				var stdout bytes.Buffer
				e, flush := newEnv(t.Context(), new(halt), &stdout, &stdout)
				if err := (&recipeCmd{Picture: name}).Run(e); err != nil {
					t.Fatalf("%s: %v", from, err)
				}
				flush()
				line, _, _ := strings.Cut(stdout.String(), "\n")
				if command := strings.HasPrefix(line, "dcganviz "); command && (from == `"sample"` || from == `"--n=1"` && j == 0 || strings.ContainsAny(line, "`$")) {
					t.Errorf("%s %q: a command: %s", from, to, line)
				}
				if from == `"facades"` && !strings.HasPrefix(line, "dcganviz sample --model=MODEL --n=1") {
					t.Errorf("%q: %s", to, line)
				}
				all = append(all, slices.Collect(strings.Lines(stdout.String()))...)
			}
		}
	}
	slices.Sort(all)
	pasted(t, strings.Join(slices.Compact(all), ""))
}

// TestARecipeIsACommand that each shell reads as it was given.
func TestARecipeIsACommand(t *testing.T) {
	t.Chdir(t.TempDir())
	const formula = `$x - it's "a" \ + #b`
	text := `{"program":"dcganviz","version":"0.1.0","command":"arithmetic","model":"facades","args":[` + asJSON("--formula="+formula) + `]}`
	forge(t, "a.png", image.NewGray(image.Rect(0, 0, 4, 4)), text)
	r := must(t, "recipe", "a.png")
	for name, got := range pasted(t, strings.SplitAfter(r.stdout, "\n")[0]) {
		if want := "[arithmetic][--model=facades][--formula=" + formula + "][--reach=0.25]\n"; got != want {
			t.Errorf("%s runs dcganviz with %s, want %s", name, got, want)
		}
	}
}

// TestMessagesNameCommandsToPaste: with folders of any name.
func TestMessagesNameCommandsToPaste(t *testing.T) {
	trainedRun(t)
	t.Chdir(t.TempDir())
	for _, folder := range []string{"my run; touch pasted #", "it's $(touch pasted)", "-x"} {
		flag := "--out=" + folder
		must(t, append([]string{"train", "--data", photos, flag, "--steps", "1"}, small...)...)
		r := must(t, "train", flag, "--resume", "--steps", "9999", "--max-time", "1ns")
		_, line, ok := strings.Cut(r.stderr, "go on with ")
		if !ok {
			t.Fatalf("%q: %s", folder, r.stderr)
		}
		for name, got := range pasted(t, line) {
			if want := "[train][--out][" + shell.File(folder) + "][--resume]\n"; got != want {
				t.Errorf("%s runs dcganviz with %s, want %s", name, got, want)
			}
		}
	}
	if err := os.Mkdir("$(touch pasted)", 0o777); err != nil {
		t.Fatal(err)
	}
	r := call(t.Context(), "gallery", "$(touch pasted)")
	_, line, _ := strings.Cut(r.stderr, "as by ")
	for name, got := range pasted(t, line) {
		if want := "[walk][--out][$(touch pasted)/walk.png]\n"; got != want {
			t.Errorf("%s runs dcganviz with %s, want %s", name, got, want)
		}
	}
	fit := scoreFitCmd{Kind: "pixels", Concept: "a window; touch pasted", Half: "whole", Out: "a b.safetensors", Channels: 3, Size: 64}
	fit.Data, fit.Boxes = "dir/it's $(touch pasted)", "-boxes.csv"
	for name, got := range pasted(t, fit.command()) {
		want := "[score][fit][--kind][pixels][--data][it's $(touch pasted)][--boxes][./-boxes.csv][--concept][a window; touch pasted][--half][whole][--seed][0][--out][a b.safetensors]\n"
		if got != want {
			t.Errorf("%s runs dcganviz with %s, want %s", name, got, want)
		}
	}
}

// TestAHugePictureTakesLittleMemory: what is read is the recipe and, of replay, what is
// compared.
func TestAHugePictureTakesLittleMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "sample", "-n", "1")
	must(t, "walk", "--steps", "2", "--no-audit", "--gif", "--out", "gallery/walk.gif")
	must(t, "walk", "--steps", "2", "--no-audit", "--apng", "--out", "gallery/walk.apng")
	const drawing = 128 << 20 // what the model and its images take
	for _, name := range []string{"gallery/facades-sample.png", "gallery/walk.gif", "gallery/walk.apng"} {
		if err := os.Truncate(name, 4<<30); err != nil {
			t.Skipf("no file of 4 GiB here: %v", err)
		}
		if got := hostile.Allocated(func() { must(t, "recipe", name) }); got > 16<<20 {
			t.Errorf("recipe %s: %d bytes", name, got)
		}
		if got := hostile.Allocated(func() { must(t, "recipe", "--json", name) }); got > 16<<20 {
			t.Errorf("recipe --json %s: %d bytes", name, got)
		}
		if got := hostile.Allocated(func() { must(t, "replay", name) }); got > drawing {
			t.Errorf("replay %s: %d bytes", name, got)
		}
	}
}

// TestHostileRecipesTakeLittleMemory: the text itself is bounded.
func TestHostileRecipesTakeLittleMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	deep := strings.Repeat("[", 14) + strings.Repeat("0,", 120_000) + "0" + strings.Repeat("]", 14)
	for name, text := range map[string]string{
		"values": `{"command":"sample","parameters":` + deep + `}`,
		"maps":   `{"command":"sample","parameters":[` + strings.Repeat("{},", 80_000) + `0]}`,
		"flags":  `{"command":"sample","args":[` + strings.Repeat(`"",`, 80_000) + `""]}`,
		"name":   `{"command":"` + strings.Repeat("x", 250_000) + `"}`,
	} {
		path := forge(t, name+".png", image.NewGray(image.Rect(0, 0, 4, 4)), text)
		for _, args := range [][]string{{"recipe", path}, {"recipe", "--json", path}, {"replay", path}, {"gallery", "."}} {
			if got := hostile.Allocated(func() { call(t.Context(), args...) }); got > 64<<20 {
				t.Errorf("%s %q: %d bytes", name, args, got)
			}
		}
	}
}

// TestReplayRefusesAPartThatIsNotDrawn: its options decide what is.
func TestReplayRefusesAPartThatIsNotDrawn(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "walk", "--steps", "2", "--no-audit")
	img, sound := decoded(t, "gallery/facades-walk.png")
	for _, part := range []string{"-audit", "-sheet", "-pictures", "x", ".json"} {
		path := forge(t, "part.png", img, strings.Replace(sound, `"command":"walk"`, `"command":"walk","part":`+asJSON(part), 1))
		r := call(t.Context(), "replay", path)
		if r.code != exitRefused || !strings.Contains(r.stderr, "part") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d: %s", part, r.code, r.stderr)
		}
	}
}

// TestReplayComparesFrames of animations, and their times.
func TestReplayComparesFrames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, form := range []string{"apng", "gif"} {
		name := "gallery/a." + form
		must(t, "walk", "--steps", "3", "--no-audit", "--"+form, "--out", name)
		file := read(t, name)
		config, _, err := image.DecodeConfig(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var frames []image.Image
		den := 0
		for f, err := range viz.ReadFrames(bytes.NewReader(file), config.Width, config.Height) {
			if err != nil {
				t.Fatal(err)
			}
			frames, den = append(frames, &image.NRGBA{Pix: slices.Clone(f.Image.Pix), Stride: f.Image.Stride, Rect: f.Image.Rect}), f.Den/max(1, f.Num)
		}
		text, err := viz.ReadRecipe(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		encode := func(rate int, frames ...image.Image) string {
			var b bytes.Buffer
			o := viz.AnimationOptions{DelayNum: 1, DelayDen: rate, Recipe: viz.Recipe(text)}
			write := viz.EncodeAPNG
			if form == "gif" {
				write = viz.EncodeGIF
			}
			if err := write(&b, frames, o); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		size := frames[0].Bounds().Size()
		one := fmt.Sprintf(": %d pixels differ, by up to 255", size.X*size.Y) // all of a frame
		dark := slices.Clone(frames)
		dark[1] = image.NewGray(frames[1].Bounds())
		for _, c := range []struct {
			what, says, file string
			code             int
		}{
			{"the same", "every pixel is the same", encode(den, frames...), exitDone},
			{"other times", "shown for other times", encode(den/2, frames...), exitFailed},
			{"a frame too few", one, encode(den, frames[:2]...), exitFailed},
			{"a frame too many", one, encode(den, append(frames, frames[0])...), exitFailed},
			{"a dark frame", " pixels differ, by up to ", encode(den, dark...), exitFailed},
			{"another size", one, encode(den, frames[0].(*image.NRGBA).SubImage(image.Rect(0, 0, 9, 9))), exitFailed},
			{"cut short", "cut short", string(file[:len(file)-20]), exitRefused},
		} {
			r := call(t.Context(), "replay", write(t, "b."+form, []byte(c.file)))
			if r.code != c.code || !strings.Contains(r.stdout+r.stderr, c.says) {
				t.Errorf("%s, %s: exit code %d, want %d; %s%s, want %q", form, c.what, r.code, c.code, r.stdout, r.stderr, c.says)
			}
		}
	}
}
