package figure

import (
	"bytes"
	"image"
	"strings"

	"dcganviz/model"
	"dcganviz/model/train"
	"dcganviz/viz"
)

// sheetTiles is how many samples the sheet of a training run shows.
const sheetTiles = 100

// drawnAtOnce is how many of them G draws at a time: more would need memory
// that training has no other use for.
const drawnAtOnce = 16

// TrainingSheet draws samples of a run's generator as it is now, as a PNG picture with
// its recipe. The latents of a run are always the same, so that its sheets can be leafed
// through. A G of classes draws a row of each, all rows of the same noise.
func TrainingSheet(t *train.Trainer, pool *model.Pool) ([]byte, error) {
	g := t.Generator()
	z, opt := g.Latents(t.Options().Seed, 0, sheetTiles), viz.SheetOptions{}
	if classes := g.Config().Condition.Classes; classes > 0 {
		var err error
		classes = min(classes, sheetTiles)
		opt.Columns = sheetTiles / classes
		if z, err = perClass(g, classes, t.Options().Seed, 0, opt.Columns); err != nil {
			return nil, err
		}
		opt.RowLabels = strings.Split(t.Options().ClassNames, ",")[:classes]
	}
	var tiles []image.Image
	for i := 0; i < z.Len(); i += drawnAtOnce {
		x, err := g.Generate(z.Slice(i, min(i+drawnAtOnce, z.Len())), model.RunOptions{Pool: pool})
		if err != nil {
			return nil, err
		}
		some, err := pictures(x)
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, some...)
	}
	sheet, err := viz.Sheet(tiles, opt)
	if err != nil {
		return nil, err
	}
	return encodeTraining(t, sheet)
}

// TrainingPlot draws the losses of a run's steps, as a PNG picture with its recipe.
func TrainingPlot(t *train.Trainer, losses []train.Stats) ([]byte, error) {
	var l viz.Losses
	for _, s := range losses {
		l.Steps = append(l.Steps, s.Step)
		l.D = append(l.D, s.LossD)
		l.G = append(l.G, s.LossG)
		l.RealScores = append(l.RealScores, s.ScoreReal)
		l.FakeScores = append(l.FakeScores, s.ScoreFake)
	}
	plot, err := viz.LossPlot(l, viz.LossPlotOptions{Title: "Losses of D and G"})
	if err != nil {
		return nil, err
	}
	return encodeTraining(t, plot)
}

func encodeTraining(t *train.Trainer, img image.Image) ([]byte, error) {
	r := Recipe{Command: "train", Parameters: struct {
		Step    int           `json:"step"`
		Config  model.Config  `json:"config"`
		Options train.Options `json:"options"`
		Data    train.Data    `json:"data"`
	}{t.Steps(), t.Config(), t.Options(), t.Data()}}
	texts, err := r.Texts()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = viz.EncodePNG(&b, img, texts)
	return b.Bytes(), err
}
