package main

import (
	"os"
	"testing"
)

// Another program's folder may hold a model.safetensors: --force is no leave to
// empty it.
func TestForceReplacesRunsOnly(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("theirs", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("theirs/model.safetensors", []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := call(t.Context(), "train", "--data", photos, "--out", "theirs", "--force", "--size", "28", "--width", "4", "--batch", "4", "--steps", "1")
	if r.code != exitOutput {
		t.Errorf("exit code %d, want %d: %s", r.code, exitOutput, r.stderr)
	}
	if b, err := os.ReadFile("theirs/model.safetensors"); err != nil || string(b) != "precious" {
		t.Errorf("the file holds %q, %v", b, err)
	}
}
