package gallery

import (
	"image"

	"dcganviz/viz"
)

// leastSide of a tile that is an image. Smaller ones are the points of a plot.
const leastSide = 8

// markPaper says which parts of the picture are paper, so that a dark page may darken
// them: all but the tiles. A picture of which the tiles are unknown, or that is tiles all
// over, has no paper.
func (b *Block) markPaper() {
	picked := make(map[image.Rectangle]bool)
	area := 0
	for _, t := range b.Data.Tiles {
		if r := image.Rect(t.X, t.Y, t.X+t.W, t.Y+t.H); !picked[r] {
			picked[r] = true
			area += t.W * t.H
		}
	}
	var keep []viz.Tiles
	count := 0
	for _, g := range b.Layout {
		// Of a group that has tiles to pick, others are empty places.
		if g.W < leastSide || g.H < leastSide || anyPicked(g, picked) {
			continue
		}
		keep = append(keep, g)
		count += g.Count
		area += g.Count * g.W * g.H
	}
	if len(b.Layout) == 0 || count > MostTiles || area >= b.Data.Width*b.Data.Height {
		return
	}
	b.Data.Paper, b.Data.Keep = true, keep
}

func anyPicked(g viz.Tiles, picked map[image.Rectangle]bool) bool {
	for i := range g.Count {
		if picked[g.Tile(i)] {
			return true
		}
	}
	return false
}
