package train_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// ramps is a data set of 16x16 gray ramps, each of its own slope.
type ramps int

func (n ramps) Len() int { return int(n) }

func (n ramps) Load(_ context.Context, indices []int, dst []float32) error {
	for k, i := range indices {
		for p := range 16 * 16 {
			dst[k*16*16+p] = float32(i+1) / float32(n) * (float32(p%16)/7.5 - 1)
		}
	}
	return nil
}

// A run is trained, saved, and gone on with as if it had never stopped.
func Example() {
	ctx := context.Background()
	pool := model.NewPool(2)
	defer pool.Close()
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	cfg := model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 8, GWidth: 4, DWidth: 4}
	opt := train.SmallData()
	opt.Batch, opt.Seed, opt.Dataset = 8, 1, "gray ramps"

	begun, err := train.New(cfg, ramps(20), opt, pool)
	if err != nil {
		log.Fatal(err)
	}
	for begun.Steps() < 5 {
		if _, err := begun.Step(ctx); err != nil {
			log.Fatal(err)
		}
	}
	if err := begun.Save(dir); err != nil {
		log.Fatal(err)
	}
	begun.Close()

	resumed, err := train.Resume(dir, cfg, ramps(20), opt, pool)
	if err != nil {
		log.Fatal(err)
	}
	defer resumed.Close()
	s, err := resumed.Step(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("step %d, epoch %.1f\n", s.Step, s.Epoch)

	opt.Batch = 16
	_, err = train.Resume(dir, cfg, ramps(20), opt, pool)
	fmt.Println(filepath.Base(err.Error()))

	c, err := checkpoint.Open(filepath.Join(dir, train.ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, step %d\n", c.Meta.Dataset, c.Meta.Step)
	// Output:
	// step 6, epoch 2.4
	// state.safetensors: options: batch 16, want 8: not what the run began with
	// gray ramps, step 5
}
