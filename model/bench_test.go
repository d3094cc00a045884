package model

import (
	"fmt"
	"testing"

	"dcganviz/internal/kernel"
)

// multiplications counts those of one item's forward pass through layers 0 to
// last; a flop is half of one.
func multiplications(layers []layer) float64 {
	var n float64
	for _, l := range layers {
		g := l.geom
		n += float64(g.OH*g.OW*g.K) * float64(g.KH*g.KW*g.C)
	}
	return n
}

// benchmarkConfigs runs f for each architecture at the widths that the paper
// and pytorch/examples have.
func benchmarkConfigs(b *testing.B, batches []int, f func(b *testing.B, cfg Config, batch int)) {
	for _, arch := range []Arch{PyTorch, Paper} {
		width := 64
		if arch == Paper {
			width = 128
		}
		cfg := Config{Arch: arch, Size: 64, Channels: 3, LatentDim: 100, GWidth: width, DWidth: width}
		for _, batch := range batches {
			b.Run(fmt.Sprintf("arch=%v/width=%d/size=64/batch=%d", arch, width, batch), func(b *testing.B) { f(b, cfg, batch) })
		}
	}
}

// report turns b's time into images and floating-point operations a second.
func report(b *testing.B, batch int, multiplications float64) {
	images := float64(b.N) * float64(batch) / b.Elapsed().Seconds()
	b.ReportMetric(images, "images/s")
	b.ReportMetric(images*2*multiplications/1e9, "GFLOP/s")
}

func BenchmarkGenerate(b *testing.B) {
	benchmarkConfigs(b, []int{1, 16, 64}, func(b *testing.B, cfg Config, batch int) {
		g, _ := testPair(b, cfg)
		opt := RunOptions{Pool: testPool(b, 2)}
		z := Latents(1, 0, batch, cfg)
		b.ReportAllocs()
		for b.Loop() {
			must(g.Generate(z, opt))(b)
		}
		report(b, batch, multiplications(g.layers))
	})
}

func BenchmarkDiscriminate(b *testing.B) {
	benchmarkConfigs(b, []int{1, 16, 64}, func(b *testing.B, cfg Config, batch int) {
		_, d := testPair(b, cfg)
		opt := RunOptions{Pool: testPool(b, 2)}
		x := noise(batch, cfg)
		b.ReportAllocs()
		for b.Loop() {
			must(d.Logits(x, opt))(b)
		}
		report(b, batch, multiplications(d.layers))
	})
}

// BenchmarkGuided is guided backpropagation from the last conv layer, the last
// before the one that makes the logit.
func BenchmarkGuided(b *testing.B) {
	benchmarkConfigs(b, []int{1, 64}, func(b *testing.B, cfg Config, batch int) {
		_, d := testPair(b, cfg)
		opt := GradientOptions{RunOptions: RunOptions{Pool: testPool(b, 2)}, Rule: kernel.GuidedReLU}
		x := noise(batch, cfg)
		last := d.layers[len(d.layers)-2]
		target := Target{Point: Point{Layer: last.name}}
		b.ReportAllocs()
		for b.Loop() {
			must(d.InputGradient(x, target, opt))(b)
		}
		report(b, batch, 2*multiplications(d.layers[:len(d.layers)-1]))
	})
}

// BenchmarkStepParts times the programs of a training step, without the
// optimiser.
func BenchmarkStepParts(b *testing.B) {
	cfg := Config{Arch: PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	const batch = 64
	g, d := testPair(b, cfg)
	s := must(NewStep(g, d, batch, testPool(b, 2)))(b)
	real, z := noise(batch, cfg).Data, Latents(1, 0, batch, cfg).Data
	fake := append([]float32(nil), must(s.Generate(z))(b)...)
	mg, md := multiplications(g.layers), multiplications(d.layers)
	_, _, dx, err := s.InputGrad(fake, 1)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name            string
		run             func() error
		multiplications float64
	}{
		{"Generate", func() error { return second(s.Generate(z)) }, mg},
		{"DiscriminatorGrad", func() error { _, _, err := s.DiscriminatorGrad(real, 1, true); return err }, 3 * md},
		{"InputGrad", func() error { _, _, _, err := s.InputGrad(fake, 1); return err }, 2 * md},
		{"GeneratorGrad", func() error { return s.GeneratorGrad(dx) }, 2 * mg},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.run(); err != nil {
					b.Fatal(err)
				}
			}
			report(b, batch, c.multiplications)
		})
	}
}
