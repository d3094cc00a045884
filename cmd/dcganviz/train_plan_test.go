package main

import (
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model/train"
)

func TestTrainRefusesEndlessRuns(t *testing.T) {
	for _, r := range []refusal{
		{"steps", []string{"--steps", "9223372036854775807"}, exitUsage, []string{"--steps is 9223372036854775807, want at most"}},
		{"epochs", []string{"--epochs", "9223372036854775807"}, exitUsage, []string{"--epochs", "9223372036854775807 times through 12 pictures, want at most"}},
		{"epochs that wrap round", []string{"--epochs", "1537228672809129302"}, exitUsage, []string{"--epochs", "12 pictures"}},
	} {
		r.args = trainArgs("runs/mine", r.args...)
		r.check(t)
	}
}

// TestResumeRefusesOptionsOutOfRange: they are damage, not a mistake in the
// command line.
func TestResumeRefusesOptionsOutOfRange(t *testing.T) {
	folder := copyRun(t)
	path := filepath.Join(folder, train.StateFile)
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata["run"] = strings.Replace(f.Metadata["run"], `"batch":4`, `"batch":400000`, 1)
	if err := safetensors.WriteFile(path, f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	refusal{"batch", []string{"train", "--out", folder, "--resume"}, exitRefused, []string{train.StateFile, "batch of 400000"}}.check(t)
}
