package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dcganviz/gallery/figure"
)

// Every number on the command line has a range, which its refusal names.
func TestAbsurdNumbersAreRefusedWithTheRange(t *testing.T) {
	run := trainedRun(t)
	t.Chdir(t.TempDir())
	needs := map[string]string{
		"train": "--data " + photos + " --out new", "forget": "--concept window", "walk": "--dim 1", "convert": run + " x.safetensors",
		"score fit": "--data " + photos + " --labels x.csv --kind d-features --concept window --out x.safetensors",
	}
	seen := map[string]bool{}
	eachFlag(t, func(n *kong.Node, name string, v *kong.Value) {
		at := n.Path() + " " + name
		if v.Flag != nil && v.Flag.Group != nil && v.Flag.Group.Key == figure.SourceGroup && n.Name != "sample" {
			return // of flags that all commands share, one stands for all
		}
		kind := v.Target.Type()
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		values := []string{"NaN", "Inf", "-Inf", "1e300", "-1e300", "1e999", "", "0x"}
		switch {
		case kind == reflect.TypeFor[figure.Span]():
			values = []string{"NaN,1", "1,Inf", "-1e300,1e300", "1e999,2", "1", ""}
		case kind.Kind() != reflect.Float64 && kind.Kind() != reflect.Float32:
			return
		}
		seen[at] = true
		if slices.Contains([]string{"--perplexity", "--quantile", "--bn-eps", "--lr", "--l2"}, name) {
			values = append(values, "0", "-0") // outside of the range
		}
		for _, value := range values {
			args := append(strings.Fields(n.Path()), strings.Fields(needs[n.Path()])...)
			if n.Path() != "train" && n.Path() != "convert" && n.Path() != "score fit" {
				args = append(args, "--model", run)
			}
			r := call(t.Context(), append(args, name+"="+value)...)
			if r.code != exitUsage || !strings.Contains(r.stderr, "want") && !strings.Contains(r.stderr, "expected") {
				t.Errorf("%v %s=%s: exit code %d, want %d and the range:\n%s", args, name, value, r.code, exitUsage, r.stderr)
			}
		}
	})
	if len(seen) < 12 {
		t.Errorf("%d flags: %v", len(seen), seen)
	}
}
