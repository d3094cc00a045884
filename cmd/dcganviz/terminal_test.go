package main

import (
	"encoding/json"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"dcganviz/internal/safetensors"
	"dcganviz/model/zoo"
)

// evil is a name that sets the title of a window, colours what follows in three
// ways, turns the letters around and begins a line of its own.
const evil = "x\x1b]0;pwn\a\u009b31m\x9b31m\u202etxt\u2066\u200f\u061c\x7f\rdcganviz: all is well\ndcganviz: all is well"

// evilText is evil where only UTF-8 may stand.
const evilText = "x\x1b]0;pwn\a\u009b31m\u202etxt\u2066\u200f\u061c\x7f\rdcganviz: all is well\ndcganviz: all is well"

// steers reports whether r steers a terminal.
func steers(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c
}

// asJSON returns a JSON string.
func asJSON(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestNothingFromOutsideSteersTheTerminal gives each channel a evil text.
func TestNothingFromOutsideSteersTheTerminal(t *testing.T) {
	run, _ := inFolder(t)
	if err := os.WriteFile(evil, []byte("PK"), 0o666); err != nil {
		t.Skipf("no file can have such a name here: %v", err)
	}
	pictures := copyPhotos(t)
	write(t, filepath.Join(pictures, evil+".jpg"), []byte("no picture"))
	write(t, "page/"+evil+".png", []byte("no picture"))
	write(t, "list.txt", []byte(evil+"\n"))
	write(t, "c.toml", []byte("[concepts."+asJSON(evilText)+"]\nexemplars=[1,2,3]\n[[arithmetic]]\nformula="+asJSON(evilText+" - 1,2,3 + 4,5,6")+"\n"))
	recipe := func(from, to string) string {
		const sound = `{"program":"dcganviz","version":"0.1.0","command":"sample","sha256":"00","model":"facades","args":["--n=1"],"inputs":{"z":"00"}}`
		return forge(t, fmt.Sprintf("%x.png", from), image.NewGray(image.Rect(0, 0, 4, 4)), strings.Replace(sound, from, asJSON(to), 1))
	}
	x, err := safetensors.New(evilText, []int{1}, []float32{1})
	if err != nil {
		t.Fatal(err)
	}
	if err := safetensors.WriteFile("t.safetensors", ".", map[string]string{evilText: evilText, "dcganviz": evilText}, []safetensors.Tensor{x}); err != nil {
		t.Fatal(err)
	}
	scorer, err := zoo.Scorer(zoo.Scorers()[0])
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(scorer)
	if err != nil {
		t.Fatal(err)
	}
	var info map[string]any
	if err := json.Unmarshal([]byte(f.Metadata["info"]), &info); err != nil {
		t.Fatal(err)
	}
	info["concept"], info["command"], info["disc_sha256"] = evilText, evilText, evilText
	text, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata["info"] = string(text)
	if err := safetensors.WriteFile("s.safetensors", ".", f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{evil},
		{"--" + evil},
		{"sample", "--" + evil + "=1"},
		{"sample", "--n", evil},
		{"sample", evil},
		{"sample", "--model", evil},
		{"sample", run, "--bn", evil},
		{"sample", run, "-n", "1", "--out", evil + ".png"},
		{"sample", run, "-n", "1", "--out", "d\x1b[2J/" + evil},
		{"sample", run, "-n", "1", "--z", evil},
		{"walk", run, "--mode", evil},
		{"inspect", evil},
		{"inspect", "t.safetensors"},
		{"inspect", "t.safetensors", "--stats"},
		{"models", evil},
		{"convert", run, evil},
		{"convert", run, evil + ".pth"},
		{"figures", "--only", evil},
		{"figures", "--out", evil},
		{"gallery", "page"},
		{"gallery", evil},
		{"recipe", evil},
		{"recipe", recipe(`"dcganviz"`, evilText)},
		{"recipe", recipe(`"0.1.0"`, evilText)},
		{"recipe", recipe(`"sample"`, evilText)},
		{"recipe", recipe(`"00"`, evilText)},
		{"recipe", recipe(`"facades"`, evilText)},
		{"recipe", recipe(`"--n=1"`, evilText)},
		{"recipe", recipe(`"--n=1"`, "--law="+evilText)},
		{"recipe", recipe(`"z"`, evilText)},
		{"replay", recipe(`"sample"`, evilText)},
		{"replay", recipe(`"00"`, evilText)},
		{"replay", recipe(`"facades"`, evilText)},
		{"replay", recipe(`"--n=1"`, "--"+evilText)},
		{"replay", recipe(`"--n=1"`, "--law="+evilText)},
		{"replay", recipe(`"z"`, evilText)},
		{"replay", recipe(`"--n=1"`, "--n=2"), "--input", evil + "=x"},
		{"arithmetic", "--concepts", "c.toml", "--out", "o.png"},
		{"arithmetic", "--concepts", "c.toml", "--formula", evilText, "--out", "o.png"},
		{"turn", "--concepts", "c.toml", "--out", "o.png"},
		{"turn", "--concepts", "c.toml", "--from", evilText, "--out", "o.png"},
		{"forget", "--concept", evil},
		{"forget", "--concept", "window", "--scorer", "s.safetensors", "--out", "o.png"},
		{"score", "eval", "s.safetensors", "--data", pictures, "--boxes", evil},
		{"score", "eval", "t.safetensors", "--data", pictures, "--boxes", "list.txt"},
		{"score", "fit", "--data", pictures, "--boxes", evil, "--concept", evil, "--out", evil + ".safetensors"},
		{"train", "--data", evil, "--out", "r"},
		{"train", "--data", pictures, "--list", "list.txt", "--out", "r"},
		{"train", "--out", evil, "--resume"},
		{"train", "--out", evil, "--preset", evil, "--data", pictures},
		append([]string{"train", "--data", pictures, "--out", evil + "-run", "--about", evil, "--steps", "2"}, small...),
		{"train", "--out", evil + "-run", "--resume", "--max-time", "1ns", "--steps", "4"},
		{"inspect", evil + "-run"},
		{"score", "kid", run, "--images", evil},
		{"completion", evil},
	} {
		r := call(t.Context(), args...)
		for name, got := range map[string]string{"stdout": r.stdout, "stderr": r.stderr} {
			if !utf8.ValidString(got) || strings.ContainsFunc(got, steers) {
				t.Errorf("%q: %s steers the terminal: %q", args, name, got)
			}
			if strings.Contains(got, "\ndcganviz: all is well") || strings.HasPrefix(got, "dcganviz: all is well") {
				t.Errorf("%q: %s has a forged line: %q", args, name, got)
			}
		}
		if r.stdout+r.stderr == "" {
			t.Errorf("%q says nothing", args)
		}
	}
}
