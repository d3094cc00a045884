package main

import "fmt"

// ours is the side that is this program; the others are peers.
const (
	ours    = "dcganviz"
	pytorch = "PyTorch"
	runtime = "ONNX Runtime"
	vision  = "torchvision"
)

// work is one row of the comparison: what is measured, and how each side is
// asked for it.
type work struct {
	name string
	// pkg and bench are the package and the path of our benchmark.
	pkg, bench string
	// torch are the arguments of dcgan_bench.py, tuned for this work. onnx are
	// the arguments of bench.js (model, net, batch); nil if it does not do this work.
	torch, onnx []string
	// grid is true of the work that grid_bench.py does, in place of both.
	grid bool
}

func (w work) sides() []string {
	if w.grid {
		return []string{vision, ours}
	}
	s := []string{pytorch}
	if w.onnx != nil {
		s = append(s, runtime)
	}
	return append(s, ours)
}

const examples = "arch=pytorch/width=64/size=64"

var works = []work{
	{
		name: "training step, batch 64", pkg: "./model/train", bench: "BenchmarkTrainStep/" + examples + "/batch=64",
		torch: []string{"--mode", "train", "--convt", "onednn", "--nograd_d", "--foreach", "--fmt", "cl", "--batch", "64"},
	},
	{
		name: "training step, paper widths, batch 64", pkg: "./model/train", bench: "BenchmarkTrainStep/arch=paper/width=128/size=64/batch=64",
		torch: []string{"--model", "newmu", "--mode", "train", "--convt", "onednn", "--nograd_d", "--foreach", "--fmt", "cl", "--batch", "64"},
	},
	generate(1), generate(16), generate(64),
	{
		name: "D forward, batch 64", pkg: "./model", bench: "BenchmarkDiscriminate/" + examples + "/batch=64",
		torch: []string{"--mode", "dfwd", "--fuse", "--fmt", "cl", "--batch", "64"},
		onnx:  []string{"examples", "D", "64"},
	},
	{
		name: "guided backpropagation from the last conv layer, batch 64", pkg: "./model", bench: "BenchmarkGuided/" + examples + "/batch=64",
		torch: []string{"--mode", "guided", "--fmt", "cl", "--batch", "64"},
	},
	{name: "32x32 pictures of 64 px to a PNG file", pkg: "./viz", bench: "BenchmarkGrid", grid: true},
}

func generate(batch int) work {
	b := fmt.Sprint(batch)
	return work{
		name: "generate, batch " + b, pkg: "./model", bench: "BenchmarkGenerate/" + examples + "/batch=" + b,
		torch: []string{"--mode", "gfwd", "--convt", "onednn", "--fuse", "--fmt", "cl", "--batch", b},
		onnx:  []string{"examples", "G", b},
	}
}
