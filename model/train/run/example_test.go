package run_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/model/train"
	"dcganviz/model/train/run"
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

// steps prints each step, and stops after the third.
type steps struct{ stop func() }

func (s steps) Step(stats train.Stats) {
	fmt.Printf("step %d, epoch %.1f\n", stats.Step, stats.Epoch)
	if stats.Step == 3 {
		s.stop()
	}
}

func (steps) Close() {}

// session trains in a folder until ctx ends, or to the end.
func session(path string, mode run.Mode) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	folder, err := run.Claim(path, mode)
	if err != nil {
		return err
	}
	defer folder.Release()
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 8, GWidth: 4, DWidth: 4}
	t, err := folder.Trainer(cfg, ramps(20), train.Options{Batch: 8}, nil)
	if err != nil {
		return err
	}
	defer t.Close()
	s, err := folder.Start(ctx, t, run.Options{
		Plan:     run.Plan{Steps: 5},
		Progress: func(int, int, int) run.Progress { return steps{stop} },
	})
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Train(ctx)
}

// A run is stopped after its third step, and goes on as if it had not been.
func Example() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "ramps")

	err = session(path, run.New)
	fmt.Println(err, errors.Is(err, context.Canceled))
	fmt.Println(session(path, run.Resume))
	// Output:
	// step 1, epoch 0.4
	// step 2, epoch 0.8
	// step 3, epoch 1.2
	// stopped and saved at step 3 of 5 true
	// step 4, epoch 1.6
	// step 5, epoch 2.0
	// <nil>
}
