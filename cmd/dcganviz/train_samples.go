package main

import (
	"bytes"
	"fmt"
	"image"
	"path/filepath"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/train"
	"dcganviz/viz"
)

// sheetTiles is how many samples a sheet of a run shows: always the same
// latents, so that sheets can be leafed through.
const sheetTiles = 100

// drawnAtOnce is how many of them G draws at a time: more would need memory
// that training has no other use for.
const drawnAtOnce = 16

// A sampler draws how far a run has come.
type sampler struct {
	plan    *plan
	trainer *train.Trainer
	z       model.Tensor
	run     model.RunOptions
}

func newSampler(p *plan, t *train.Trainer, pool *model.Pool) *sampler {
	return &sampler{plan: p, trainer: t, z: model.Latents(p.opt.Seed, 0, sheetTiles, p.cfg), run: model.RunOptions{Pool: pool}}
}

// draw writes the sheet of this step and the loss plot.
func (s *sampler) draw(l *lossLog) error {
	var tiles []image.Image
	for i := 0; i < sheetTiles; i += drawnAtOnce {
		x, err := s.trainer.Generator().Generate(s.z.Slice(i, min(i+drawnAtOnce, sheetTiles)), s.run)
		if err != nil {
			return err
		}
		some, err := viz.Images(x.Data, x.Len(), s.plan.cfg.Size, s.plan.cfg.Size, s.plan.cfg.Channels)
		if err != nil {
			return err
		}
		tiles = append(tiles, some...)
	}
	sheet, err := viz.Sheet(tiles, viz.SheetOptions{})
	if err != nil {
		return err
	}
	name := filepath.Join(samplesDir, fmt.Sprintf(samplesName, s.trainer.Steps()))
	if err := s.write(name, sheet); err != nil {
		return err
	}
	return s.plot(l)
}

// plot writes the loss plot.
func (s *sampler) plot(l *lossLog) error {
	if len(l.losses.Steps) == 0 {
		return nil
	}
	img, err := viz.LossPlot(l.losses, viz.LossPlotOptions{Title: "Losses of D and G"})
	if err != nil {
		return err
	}
	return s.write(plotFile, img)
}

// write writes one picture to the run's folder.
func (s *sampler) write(name string, img image.Image) error {
	r := figure.Recipe{Command: "train", Parameters: struct {
		Step    int           `json:"step"`
		Config  model.Config  `json:"config"`
		Options train.Options `json:"options"`
		Data    train.Data    `json:"data"`
	}{s.trainer.Steps(), s.plan.cfg, s.trainer.Options(), s.trainer.Data()}}
	texts, err := r.Texts()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := viz.EncodePNG(&b, img, texts); err != nil {
		return err
	}
	return replaceFile(filepath.Join(s.plan.folder, name), b.Bytes())
}
