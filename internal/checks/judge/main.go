// Command judge tells how near the samples of nets come to pictures, as a Markdown
// table with a line for each net.
//
//	go run ./internal/checks/judge -images patches72.zip -list train_patches.txt runs/a/model.safetensors runs/b/model.safetensors
//
// A single set of samples says little: KID differs from set to set of one net as much as
// between nets. So each net draws several sets, from the same latents as the others, and
// each set is held against the same pictures. Beside the mean KID stand the coverage of
// the pictures, how light and how contrasty samples are where pictures are not, and how
// many of the first hundred are burnt out or black.
//
// A recipe is chosen by pictures that were trained on, so that the held-out ones judge
// it without having chosen it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	"dcganviz/probe/kid"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("judge", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var s settings
	flags.StringVar(&s.images, "images", "", "folder or `archive` of pictures")
	flags.StringVar(&s.list, "list", "", "use only the pictures that this `file` names")
	flags.IntVar(&s.pictures, "pictures", 392, "pictures to take, spread over the list")
	flags.IntVar(&s.sets, "sets", 30, "sets of samples of each net")
	flags.IntVar(&s.samples, "samples", 392, "samples in a set")
	flags.Uint64Var(&s.seed, "seed", 1, "seed of the first set; the others have the ones after it")
	flags.IntVar(&s.threads, "threads", 0, "threads (default: all processors)")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 || s.images == "" || s.sets < 2 || s.samples <= kid.Neighbours || s.pictures <= kid.Neighbours {
		fmt.Fprintf(stderr, "judge: want -images, two sets or more, more than %d samples and pictures, and the files of nets\n", kid.Neighbours)
		return 2
	}
	j := judge{settings: s, pool: model.NewPool(s.threads)}
	defer j.pool.Close()
	for i, path := range flags.Args() {
		v, err := j.judge(ctx, path)
		if err != nil {
			fmt.Fprintf(stderr, "judge: %s: %v\n", path, err)
			return 1
		}
		if i == 0 {
			fmt.Fprintf(stdout, "%d sets of %d samples, %d pictures of %s; brightness of the pictures ± %.3f, contrast %.3f ± %.3f\n\n",
				s.sets, s.samples, j.real.images.Len(), filepath.Base(s.images), j.real.look.brightness, j.real.look.contrast, j.real.look.contrastSD)
			fmt.Fprintln(stdout, header)
		}
		fmt.Fprintln(stdout, v.row(path))
	}
	return 0
}

// settings say what is drawn, and what it is held against.
type settings struct {
	images, list            string
	pictures, sets, samples int
	seed                    uint64
	threads                 int
}

// A judge holds nets of one size against the same pictures.
type judge struct {
	settings
	pool *model.Pool
	cfg  model.Config // size and channels that real is of
	net  *kid.Net
	real struct {
		images, features model.Tensor
		look             look
	}
}

// judge opens a net and judges it.
func (j *judge) judge(ctx context.Context, path string) (v verdict, err error) {
	c, err := checkpoint.Open(path, checkpoint.OpenOptions{})
	if err != nil {
		return v, err
	}
	if c.G == nil {
		return v, fmt.Errorf("no G")
	}
	cfg := c.G.Config()
	if j.net == nil {
		if err := j.open(ctx, cfg); err != nil {
			return v, err
		}
	}
	h, w, channels := cfg.Dims()
	if h0, w0, channels0 := j.cfg.Dims(); h != h0 || w != w0 || channels != channels0 {
		return v, fmt.Errorf("images of %dx%dx%d, but those of the first net are %dx%dx%d", w, h, channels, w0, h0, channels0)
	}
	for i := range j.sets {
		images, features, err := j.draw(ctx, c.G, j.seed+uint64(i))
		if err != nil {
			return v, err
		}
		d, err := kid.Between(features, j.real.features)
		if err != nil {
			return v, err
		}
		o, err := kid.OverlapOf(features, j.real.features, kid.Neighbours)
		if err != nil {
			return v, err
		}
		v.add(d.Value, o, lookOf(images))
		if i == 0 {
			v.burnt, v.black = extremes(images.Slice(0, min(100, images.Len())))
		}
	}
	return v, nil
}

// open loads the pictures, at the size of a net's.
func (j *judge) open(ctx context.Context, cfg model.Config) (err error) {
	j.cfg = cfg
	h, w, channels := cfg.Dims()
	if j.net, err = kid.NewNet(h, w, channels); err != nil {
		return err
	}
	set, err := dataset.Open(j.images, dataset.Options{Size: h, Width: w, Channels: channels, List: j.list, Strict: true})
	if err != nil {
		return err
	}
	defer set.Close()
	n := min(j.pictures, set.Len())
	at := make([]int, n)
	for i := range at {
		at[i] = i * set.Len() / n
	}
	j.real.images = model.NewTensor(n, h, w, channels)
	if err := set.Load(ctx, at, j.real.images.Data); err != nil {
		return err
	}
	j.real.look = lookOf(j.real.images)
	j.real.features, err = j.net.Features(j.real.images, model.RunOptions{Pool: j.pool})
	return err
}

// draw draws a set of samples and its features.
func (j *judge) draw(ctx context.Context, g *model.G, seed uint64) (images, features model.Tensor, err error) {
	if err := ctx.Err(); err != nil {
		return images, features, err
	}
	run := model.RunOptions{Pool: j.pool}
	if images, err = g.Generate(model.Latents(seed, 0, j.samples, g.Config()), run); err != nil {
		return images, features, err
	}
	features, err = j.net.Features(images, run)
	return images, features, err
}
