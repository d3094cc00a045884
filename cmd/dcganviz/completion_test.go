package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/gallery/figure"
	"dcganviz/model/zoo"
)

// What a shell is told to do, in the first line of an answer.
const (
	doWords    = "words"
	doOpen     = "open"
	doValues   = "values"
	doFiles    = "files"
	doFolders  = "folders"
	doAsAlways = "as-always"
)

// bashBreaks is what COMP_WORDBREAKS is by default.
const bashBreaks = " \t\n\"'@><=;|&(:"

// answer is what the hidden command answers bash.
type answer struct {
	todo, value, cut, add string
	words                 []string
}

// askBash asks what completes a line. It goes round the parser of the hidden
// command, whose making takes longest; app is that of parser.
func askBash(t *testing.T, app *kong.Node, breaks, line string) answer {
	t.Helper()
	var out strings.Builder
	complete.Answer(&out, app, sources, []string{"bash", breaks, line})
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if lines[0] == doAsAlways && len(lines) == 1 {
		return answer{todo: doAsAlways}
	}
	if len(lines) < 4 {
		t.Fatalf("%q: answer %q", line, lines)
	}
	return answer{lines[0], lines[1], lines[2], lines[3], lines[4:]}
}

// TestCompletionOfALine: what bash offers behind a line. Words in it are all of
// the candidates, or with + before them some, with - none of them.
func TestCompletionOfALine(t *testing.T) {
	models := zoo.Names()
	if !slices.Contains(models, zoo.Default) {
		t.Skip("no model is embedded in this build")
	}
	t.Chdir(t.TempDir())
	app := parser(t).Model.Node
	for _, c := range []struct{ line, todo, words string }{
		// Commands.
		{"dcganviz ", doWords, "+walk +sample +score +train +completion +man +version -__complete -fit"},
		{"dcganviz wal", doWords, "walk"},
		{"dcganviz score ", doWords, "fit pair eval kid"},
		{"dcganviz score e", doWords, "eval"},
		{"dcganviz nothing ", doWords, "+walk"},
		{"bin/dcganviz sco", doWords, "score"},
		{"dcganviz completion ", doValues, "bash zsh fish"},
		{"dcganviz completion bash ", doWords, "--help -h"},
		// Flags: those of the command, once, and those of the commands above it.
		{"dcganviz --", doWords, "--help --version"},
		{"dcganviz -", doWords, "--help -h --version -V"},
		{"dcganviz walk --mo", doWords, "--model --mode"},
		{"dcganviz walk -", doWords, "+--help +-h +--seed +--no-audit --no-seed --data"},
		{"dcganviz train ", doWords, "+--out +--flip +--no-flip"},
		{"dcganviz train --flip --fl", doWords, ""},
		{"dcganviz train --flip --no-f", doWords, ""},
		{"dcganviz train --no-flip --fl", doWords, ""},
		{"dcganviz train --steps 5 --ep", doWords, ""}, // one excludes the other
		{"dcganviz walk --gif --ap", doWords, ""},
		{"dcganviz walk --seed 3 --see", doWords, ""},
		{"dcganviz walk --seed=3 --see", doWords, ""},
		{"dcganviz sample -n 3 -", doWords, "+-h --n"},
		{"dcganviz sample -n3 -", doWords, "+-h --n"},
		{"dcganviz forget --region 0,0,1,1 --reg", doWords, "--region"},
		{"dcganviz forget --method erase --met", doWords, "--method"},
		{"dcganviz score kid --ne", doWords, "--neighbours"},
		// Values, behind a space or =.
		{"dcganviz walk --mode ", doValues, "lerp slerp"},
		{"dcganviz walk --mode=s", doValues, "slerp"},
		{"dcganviz walk --mode s --loop ", doValues, "open closed"},
		{"dcganviz walk --no-audit=", doValues, ""},
		{"dcganviz train --arch ", doValues, "pytorch paper"},
		{"dcganviz train --law=", doValues, "normal uniform"},
		{"dcganviz train --preset ", doValues, "paper quick small-data"},
		{"dcganviz train --size ", doValues, "28 32 48 64 96x128 128 256"},
		{"dcganviz train --channels ", doValues, "1 3"},
		{"dcganviz train --augment ", doValues, "none color translation cutout"},
		{"dcganviz train --augment color,", doValues, "color,translation color,cutout"},
		{"dcganviz walk --family ", doValues, "any pytorch paper digits upsample"},
		{"dcganviz walk --bn ", doValues, "running batch"},
		{"dcganviz walk --law u", doValues, "uniform"},
		{"dcganviz units --hold ", doValues, "zero mean"},
		{"dcganviz units --sort ", doValues, "effect area concept unit"},
		{"dcganviz tsne --of ", doValues, "samples latents images"},
		{"dcganviz tsne --features ", doValues, "d pixels"},
		{"dcganviz filters --on ", doValues, "pictures samples"},
		{"dcganviz filters --rule ", doValues, "guided deconvnet gradient"},
		{"dcganviz convert --net ", doValues, "g d both"},
		{"dcganviz score fit --kind ", doValues, "pixels d-features"},
		{"dcganviz score fit --half ", doValues, "whole first second"},
		{"dcganviz figures --only 4,t", doValues, "4,table1 4,tsne"},
		{"dcganviz film --with di", doValues, "digits"},
		{"dcganviz forget --method ", doValues, "paper mean causal erase fill fill-seen all"},
		{"dcganviz forget --method erase,fill,", doValues, "erase,fill,paper erase,fill,mean erase,fill,causal erase,fill,fill-seen"},
		{"dcganviz forget-windows --method=paper,c", doValues, "paper,causal"},
		{"dcganviz forget --concept ", doValues, "signboard window"},
		// Layers are the model's: the default's, or the one that is named anywhere.
		{"dcganviz units --layer ", doValues, "project up1 up2 up3"},
		{"dcganviz filters --layer ", doValues, "conv1 conv2 conv3 conv4 logit"},
		{"dcganviz units digits --layer ", doValues, "project up1"},
		{"dcganviz units --model digits --layer ", doValues, "project up1"},
		{"dcganviz units no/such/model --layer ", doValues, ""},
		{"dcganviz forget --layer up3,up", doValues, "up3,up1 up3,up2"},
		// Models and what else is embedded, beside files.
		{"dcganviz walk ", doFiles, strings.Join(models, " ")},
		{"dcganviz walk dig", doFiles, "digits"},
		{"dcganviz walk --model=dig", doFiles, "digits"},
		{"dcganviz walk -- dig", doFiles, "digits"},
		{"dcganviz walk -- --m", doAsAlways, ""},
		{"dcganviz walk runs/", doAsAlways, ""},
		{"dcganviz walk digits ", doWords, "+--seed"},
		{"dcganviz convert digits ", doAsAlways, ""},
		{"dcganviz models ", doValues, strings.Join(models, " ")},
		{"dcganviz score kid dig", doFiles, "digits"},
		{"dcganviz score eval facades-window-s", doFiles, "facades-window-scorer"},
		{"dcganviz forget --judge facades-s", doFiles, "facades-signboard-judge facades-signboard-scorer"},
		{"dcganviz forget --boxes fac", doFiles, "facades-window"},
		{"dcganviz arithmetic --concepts faca", doFiles, "facades"},
		// Files, folders, and neither.
		{"dcganviz recipe ", doAsAlways, ""},
		{"dcganviz walk --out ", doAsAlways, ""},
		{"dcganviz walk --out=", doAsAlways, ""},
		{"dcganviz score fit --boxes ", doAsAlways, ""},
		{"dcganviz train --out ", doFolders, ""},
		{"dcganviz gallery ", doFolders, ""},
		{"dcganviz walk --steps ", doValues, ""},
		{"dcganviz walk --range=", doValues, ""},
		{"dcganviz train --max-time ", doValues, ""},
		{"dcganviz train --about ", doValues, ""},
		{"dcganviz walk > ", doAsAlways, ""},
		{"dcganviz walk 2>err dig", doFiles, "digits"},
		{"dcganviz replay --input ima", doOpen, "images="},
		{"dcganviz replay --input images=", doAsAlways, ""},
		{"dcganviz walk --unknown dig", doFiles, "digits"},
		{"dcganviz walk --unknown=", doValues, ""},
		{"dcganviz", doAsAlways, ""},
		{"", doAsAlways, ""},
	} {
		a := askBash(t, app, bashBreaks, c.line)
		if a.todo != c.todo {
			t.Errorf("%q: %s, want %s", c.line, a.todo, c.todo)
		}
		checkWords(t, c.line, a.words, c.words)
	}
	if left := names(t, "."); len(left) > 0 {
		t.Errorf("files were written: %q", left)
	}
}

// checkWords compares candidates with what TestCompletionOfALine says of them.
func checkWords(t *testing.T, line string, got []string, want string) {
	t.Helper()
	all := strings.Fields(want)
	if !strings.Contains(want, "+") {
		slices.Sort(all)
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, all) {
			t.Errorf("%q: candidates %q, want %q", line, sorted, all)
		}
		return
	}
	for _, w := range all {
		if word := w[1:]; slices.Contains(got, word) != (w[0] == '+') {
			t.Errorf("%q: candidates %q, want %s there: %v", line, got, word, w[0] == '+')
		}
	}
}

// TestCompletionInQuotes: bash replaces what is behind the last of its breaks,
// and a quote that is open. Candidates are that text alone, unquoted.
func TestCompletionInQuotes(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	concepts := filepath.Join(folder, "concepts.toml")
	err := os.WriteFile(concepts, []byte(`
[concepts."light façade"]
exemplars = [1]
[concepts."it's: a;b"]
exemplars = [2]
[concepts."\u001b[31mred"]
exemplars = [3]
[concepts.none]
`), 0o666)
	if err != nil {
		t.Fatal(err)
	}
	app := parser(t).Model.Node
	turn := "dcganviz turn --concepts concepts.toml --from "
	for _, c := range []struct {
		line, breaks string
		words        []string
	}{
		{turn, bashBreaks, []string{"it's: a;b", "light façade"}}, // none has no exemplars, and red is not for a terminal
		{turn + "li", bashBreaks, []string{"light façade"}},
		{turn + `"light f`, bashBreaks, []string{"light façade"}},
		{turn + `'light f`, bashBreaks, []string{"light façade"}},
		{turn + `light\ f`, bashBreaks, []string{"light façade"}},
		{turn + `"light"\ f`, bashBreaks, []string{" façade"}},
		{turn + `it\'s:`, bashBreaks, []string{" a;b"}},
		{turn + `it\'s\:\ a\;`, bashBreaks, []string{"it's: a;b"}},
		{turn + `"it's: a;`, bashBreaks, []string{"it's: a;b"}},
		{turn + `it\'s:`, " \t\n", []string{"it's: a;b"}},
		{"dcganviz walk --mode=sl", bashBreaks, []string{"slerp"}},
		{"dcganviz walk --mode=sl", " \t\n", []string{"--mode=slerp"}},
		{`dcganviz walk --mode="sl`, bashBreaks, []string{"slerp"}},
		{`dcganviz wa\l`, bashBreaks, []string{"walk"}},
		{`dcganviz "walk" --mode sl`, bashBreaks, []string{"slerp"}},
		{"cd x; dcganviz walk --mode sl", bashBreaks, []string{"slerp"}},
	} {
		a := askBash(t, app, c.breaks, c.line)
		if !slices.Equal(a.words, c.words) {
			t.Errorf("%q: candidates %q, want %q", c.line, a.words, c.words)
		}
	}
	// Where bash would look for the file b, the script does for a:b.
	if a := askBash(t, app, bashBreaks, "dcganviz recipe a:b"); a.todo != doFiles || a.value != "a:b" || a.cut != "a:" || a.add != "" {
		t.Errorf("a file with a colon: %+v", a)
	}
	if a := askBash(t, app, " ", "dcganviz walk --z=a"); a.value != "a" || a.cut != "" || a.add != "--z=" {
		t.Errorf("a file in a word with its flag: %+v", a)
	}
}

// TestCompletionForZshAndFish: all candidates, which those shells choose from,
// with what they are.
func TestCompletionForZshAndFish(t *testing.T) {
	app := parser(t).Model.Node
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"fish", "score", "k"}, "words\n\nfit\tFit a scorer on pictures with boxes\n"},
		{[]string{"zsh", "score", ""}, "words\n\nfit:Fit a scorer on pictures with boxes\n"},
		{[]string{"fish", "train", "--aug"}, "\n--augment\tWhat D sees pictures through: none, or some of color,translation,cutout\n"},
		{[]string{"fish", "walk", "--mode=s"}, "values\n--mode=\n--mode=lerp\t\n--mode=slerp\t\n"},
		{[]string{"zsh", "walk", "--mode=s"}, "values\n--mode=\nlerp\nslerp\n"},
		{[]string{"fish", "forget", "--method", "erase,f"}, "values\nerase,\nerase,paper\t\n"},
		{[]string{"zsh", "walk", "--", "-"}, "files\n\n"},
		{[]string{"zsh", "recipe", "my pictures/a"}, "files\n\n"},
		{[]string{"fish", "train", "--out=a"}, "folders\n--out=\n"},
		{[]string{"zsh", "replay", "--input=images=a"}, "files\n--input=images=\n"},
	} {
		var out strings.Builder
		complete.Answer(&out, app, sources, c.words)
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%q: %q, want %q in it", c.words, &out, c.want)
		}
	}
	if slices.Contains(zoo.Names(), "facades-epoch1") {
		r := must(t, complete.Command, "fish", "walk", "")
		if want := "\nfacades-epoch1\tstreet façades with windows, 64x64, after epoch 1\n"; !strings.Contains(r.stdout, want) {
			t.Errorf("models: %q, want %q in it", r.stdout, want)
		}
	}
}

// TestCompletionHasNoErrors: whatever it is asked, it says nothing on stderr and
// exits with 0.
func TestCompletionHasNoErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bad.safetensors", []byte("no model"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{}, {"bash"}, {"bash", " "}, {"bash", "", "dcganviz", "x"}, {"fish"}, {"tcsh", "walk"}, {"zsh", ""}, {"bash", "", ""},
		{"fish", "--help", ""}, {"fish", "walk", "--model"}, {"fish", "walk", "--", "--", ""}, {"bash", "=", "dcganviz walk '\n"}, {"bash", "", `\`},
		{"fish", "units", "bad.safetensors", "--layer", ""}, {"fish", "units", ".", "--layer="}, {"fish", "turn", "--concepts", "bad.safetensors", "--to", ""},
		{"bash", "\xff", "dcganviz walk \xff"}, {"fish", "walk", "-\xff", "-"}, {"fish", "walk", "-é", "-é"},
	} {
		if r := call(t.Context(), append([]string{complete.Command}, args...)...); r.code != exitDone || r.stderr != "" {
			t.Errorf("%q: exit code %d, %q", args, r.code, r.stderr)
		}
	}
}

// eachFlag calls f for the arguments and visible flags of each command.
func eachFlag(t *testing.T, f func(command *kong.Node, name string, v *kong.Value)) {
	for _, n := range parser(t).Model.Leaves(true) {
		for _, v := range n.Positional {
			f(n, "<"+v.Name+">", v)
		}
		for _, flag := range n.Flags {
			f(n, "--"+flag.Name, flag.Value)
		}
	}
}

// TestEveryTextIsChosenFor: whoever adds a flag decides what completes it, and
// each source is that of a flag.
func TestEveryTextIsChosenFor(t *testing.T) {
	unused := maps.Clone(sources)
	eachFlag(t, func(n *kong.Node, name string, v *kong.Value) {
		full := n.Path() + " " + name
		source := v.Tag.Get("complete")
		if _, ok := sources[source]; !ok && source != "" {
			t.Errorf("%s: there is no source %q", full, source)
		}
		delete(unused, source)
		chosen := source != "" || v.Enum != "" || v.Tag.Get("choices") != ""
		place := v.Name
		if v.Flag != nil {
			place = v.Flag.PlaceHolder
		}
		kind := v.Target.Type().String()
		text := strings.TrimLeft(kind, "*[]") == "string" || strings.HasPrefix(strings.TrimLeft(kind, "*"), "model.")
		if text && !chosen && !slices.Contains([]string{"FILE", "PHOTOS", "DIR", "picture", "dir", "out"}, place) {
			t.Errorf("%s: what may it be?", full)
		}
	})
	for name := range unused {
		t.Errorf("no flag has the source %s", name)
	}
}

// offered returns what is offered behind words of a command line, and what a
// shell is to do with it.
func offered(app *kong.Node, line ...string) (action string, words []string) {
	var out strings.Builder
	complete.Answer(&out, app, sources, append(append([]string{"fish"}, line...), ""))
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for _, l := range lines[2:] {
		word, _, _ := strings.Cut(l, "\t")
		words = append(words, word)
	}
	return lines[0], words
}

// TestChoicesAreWhatIsAccepted holds the candidates against what the commands
// themselves say when they refuse another.
func TestChoicesAreWhatIsAccepted(t *testing.T) {
	t.Chdir(t.TempDir())
	if !slices.Contains(zoo.Names(), zoo.Default) {
		t.Skip("no model is embedded in this build")
	}
	needs := map[string][]string{
		"train": {"--data", photos, "--out", "run"}, "forget": {"--concept", "window"},
		"score fit":  {"--data", photos, "--concept", "window", "--out", "x.safetensors"},
		"score pair": {"--data", photos, "--concept", "window", "--out", "x"},
	}
	app := parser(t).Model.Node
	seen := make(map[string]bool)
	eachFlag(t, func(n *kong.Node, name string, v *kong.Value) {
		at := n.Path() + " " + name
		if v.Flag != nil && v.Flag.Group != nil && v.Flag.Group.Key == figure.SourceGroup {
			at = name // of flags that all commands share, one stands for all
		}
		if v.Flag == nil || seen[at] || slices.Contains([]string{"--concept", "--from", "--to", "--formula", "--score", "--size"}, name) {
			return
		}
		action, got := offered(app, append(strings.Fields(n.Path()), name)...)
		if action != doValues || got == nil || v.Flag.IsBool() || v.Flag.IsCounter() {
			return
		}
		seen[at] = true
		args := append(strings.Fields(n.Path()), needs[n.Path()]...)
		other := "none-such"
		if name == "--channels" {
			other = "7"
		}
		r := call(t.Context(), append(args, name+"="+other)...)
		if r.code != exitUsage {
			t.Errorf("%v %s=%s: exit code %d\n%s", args, name, other, r.code, r.stderr)
			return
		}
		want := wantedWords(r.stderr)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%v %s: offers %q, takes %q:\n%s", args, name, got, want, r.stderr)
		}
	})
	if len(seen) < 25 {
		t.Errorf("%d flags compared: %v", len(seen), seen)
	}
}

// wantedWords returns what a message says it wants, sorted.
func wantedWords(message string) []string {
	_, want, ok := strings.Cut(message, "must be")
	if !ok {
		want = message[strings.LastIndex(message, "want ")+len("want "):]
	}
	want, _, _ = strings.Cut(want, " but got")
	want, _, _ = strings.Cut(want, " (see")
	var words []string
	for _, w := range regexp.MustCompile(`[a-z0-9][a-z0-9-]*`).FindAllString(want, -1) {
		if !slices.Contains([]string{"one", "some", "of", "or", "and"}, w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return words
}

// TestConceptsAreOffered: the names that come with a model are those that its
// commands take.
func TestConceptsAreOffered(t *testing.T) {
	if !slices.Contains(zoo.ConceptFiles(), "faces") {
		t.Skip("no faces in this build")
	}
	f, err := figure.ReadConcepts("faces")
	if err != nil {
		t.Fatal(err)
	}
	app := parser(t).Model.Node
	words := func(line ...string) []string {
		_, words := offered(app, line...)
		return words
	}
	from := words("turn", "faces", "--from")
	for _, name := range from {
		if _, err := f.Formula(name + " - " + name + " + 1"); err != nil {
			t.Errorf("--from %q: %v", name, err)
		}
	}
	formulas := words("arithmetic", "--model=faces", "--formula")
	for _, text := range formulas {
		if _, err := f.Formula(text); err != nil {
			t.Errorf("--formula %q: %v", text, err)
		}
	}
	scores := words("turn", "--concepts", "faces", "--score")
	if len(from) < 6 || len(formulas) != len(f.Arithmetic) || len(scores) != len(f.Scores) {
		t.Errorf("%d concepts, %d formulas, %d scores", len(from), len(formulas), len(scores))
	}
}
