package main

import (
	"math"
	"os"
	"testing"

	"dcganviz/model/checkpoint"
)

func TestConvertKeepsEveryBit(t *testing.T) {
	source := trainedRun(t)
	t.Chdir(t.TempDir())
	must(t, "convert", source, "copy.safetensors")
	before, err := checkpoint.Open(source+"/model.safetensors", checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	after, err := checkpoint.Open("copy.safetensors", checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if before.Meta != after.Meta {
		t.Errorf("meta %+v, want %+v", after.Meta, before.Meta)
	}
	got, want := append(after.G.State(), after.D.State()...), append(before.G.State(), before.D.State()...)
	for i := range want {
		for j, v := range want[i].Data {
			if math.Float32bits(got[i].Data[j]) != math.Float32bits(v) {
				t.Fatalf("%s[%d] = %v, want %v", want[i].Name, j, got[i].Data[j], v)
			}
		}
	}
}

func TestConvertToHalf(t *testing.T) {
	source := trainedRun(t)
	t.Chdir(t.TempDir())
	must(t, "convert", source, "half.safetensors", "--half")
	before, err := checkpoint.Open(source+"/model.safetensors", checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	after, err := checkpoint.Open("half.safetensors", checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// Half a unit in the last of 11 bits, or of the smallest subnormal.
	const rounding, smallest = 1. / 2048, 1. / (1 << 25)
	for i, s := range before.G.State() {
		got := after.G.State()[i]
		for j, v := range s.Data {
			if d := math.Abs(float64(got.Data[j] - v)); !(d <= rounding*math.Abs(float64(v))+smallest) {
				t.Fatalf("%s[%d] = %v, want %v", s.Name, j, got.Data[j], v)
			}
		}
	}
	// A half-precision file is a model like another.
	must(t, "sample", "half.safetensors", "-n", "2")
}

func TestConvertOverwritesNothing(t *testing.T) {
	source := trainedRun(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("there", []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	if r := call(t.Context(), "convert", source, "there"); r.code != exitOutput {
		t.Errorf("exit code %d, want %d: %s", r.code, exitOutput, r.stderr)
	}
	if b, _ := os.ReadFile("there"); string(b) != "precious" {
		t.Errorf("the file now holds %d other bytes", len(b))
	}
	must(t, "convert", source, "there", "--force")
	if r := call(t.Context(), "convert", "nowhere", "new"); r.code != exitMissing {
		t.Errorf("exit code %d, want %d: %s", r.code, exitMissing, r.stderr)
	}
}
