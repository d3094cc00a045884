package features

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

func TestPoolTakesTheMaximumOfEachCell(t *testing.T) {
	// 8x8 by cells of 2x2; 6x5 by cells that share rows and columns, as
	// PyTorch's AdaptiveMaxPool2d has them; 2x3 as it is.
	for _, size := range [][2]int{{8, 8}, {6, 5}, {2, 3}, {4, 4}} {
		h, w := size[0], size[1]
		act := make([]float32, h*w*2)
		for i := range h * w {
			act[2*i], act[2*i+1] = float32(i), -float32(i)
		}
		rows, cols := min(4, h), min(4, w)
		got := make([]float32, rows*cols*2)
		if n := pool(got, act, h, w, 2); n != len(got) {
			t.Fatalf("%v: %d numbers, want %d", size, n, len(got))
		}
		for r := range rows {
			for q := range cols {
				// The numbers grow along rows and columns: the largest is in the
				// lower right corner of a cell, the smallest in the upper left.
				y1 := int(math.Ceil(float64((r+1)*h)/float64(rows))) - 1
				x1 := int(math.Ceil(float64((q+1)*w)/float64(cols))) - 1
				y0, x0 := r*h/rows, q*w/cols
				cell := got[(r*cols+q)*2:]
				if cell[0] != float32(y1*w+x1) || cell[1] != -float32(y0*w+x0) {
					t.Errorf("%v: cell %d,%d is %v, want %d and -%d", size, r, q, cell[:2], y1*w+x1, y0*w+x0)
				}
			}
		}
	}
}

func testD(t *testing.T) *model.D {
	t.Helper()
	d, err := model.NewD(model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 4, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFeaturesAreTheMaximaOfTheLayers(t *testing.T) {
	d := testD(t)
	n := batch + 3
	x := model.NewTensor(n, 32, 32, 3)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i) * float64(i) * 0.37))
	}
	got, err := Of(context.Background(), d, x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Len() != n || len(got.Row(0)) != Width(d) {
		t.Fatalf("shape %v, want [%d %d]", got.Shape, n, Width(d))
	}
	last := batch + 1 // in the second batch
	at := 0
	for _, l := range layers(d) {
		act, err := d.Activations(x.Slice(last, last+1), []model.Point{{Layer: l.Name}}, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		size := 16 * l.Channels
		if a, b := slices.Max(act[0].Data), slices.Max(got.Row(last)[at:at+size]); a != b {
			t.Errorf("%s: largest feature %v, want the layer's %v", l.Name, b, a)
		}
		at += size
	}
	if at != Width(d) {
		t.Errorf("the layers have %d features, want %d", at, Width(d))
	}
	pool := model.NewPool(1)
	defer pool.Close()
	one, err := Of(context.Background(), d, x, model.RunOptions{Pool: pool})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(one.Data, got.Data) {
		t.Error("one thread gives other features")
	}
}

func TestFeaturesStopWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Of(ctx, testD(t), model.NewTensor(1, 32, 32, 3), model.RunOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestDistance(t *testing.T) {
	if got := probe.Distance([]float32{1, 2, 3}, []float32{4, 6, 3}); got != 5 {
		t.Errorf("got %v, want 5", got)
	}
}
