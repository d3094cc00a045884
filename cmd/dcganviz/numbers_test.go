package main

import (
	"strings"
	"testing"
)

// TestNumbersBelowTheRangeAreAnsweredByTheFlag and not with the advice to write them in another way, in
// which they are refused, too.
func TestNumbersBelowTheRangeAreAnsweredByTheFlag(t *testing.T) {
	for args, want := range map[string]string{
		"sample --seed -1":          `--seed: want a whole number from 0 on but got "-1"`,
		"sample --seed=-1":          `--seed: want a whole number from 0 on but got "-1"`,
		"sample -n -3":              "-n is -3, want 1",
		"sample --first -1":         "--first is -1, want 0 or more",
		"sample --g-slope -0.5":     "--g-slope has -0.5, want 0 to 1",
		"sample --g-slope 1.5":      "--g-slope has 1.5, want 0 to 1",
		"tsne -n 3":                 "want at least 4 points",
		"tsne -n 10 --perplexity 9": "a perplexity of at most 3",
	} {
		r := call(t.Context(), strings.Fields(args)...)
		if r.code != exitUsage || !strings.Contains(r.stderr, want) || strings.Contains(r.stderr, "perhaps try") {
			t.Errorf("%s: code %d, %q, want %q", args, r.code, r.stderr, want)
		}
	}
}
