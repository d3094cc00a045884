package main

import "dcganviz/model"

// maxBatchBytes bounds the feature maps of images that are normalised together.
// At the limit a process was measured to take 1.25 GB with --score.
const maxBatchBytes = 1 << 29

// checkBatch refuses more images than fit when a model brings no statistics of
// its own. Then each image depends on all the others: they cannot be drawn in
// parts, and all feature maps of all of them are in memory at once.
func (d *drawing) checkBatch(n int, score bool) error {
	if !d.RunOptions(d.pool).BatchStats {
		return nil
	}
	each := mapBytes(d.g.Layers())
	if score && d.D != nil {
		each = max(each, mapBytes(d.D.Layers()))
	}
	most := maxBatchBytes / each
	if n < 2 {
		return usageError("%d image with the statistics of the batch, want 2 to %d, which are one batch", n, most)
	}
	if n > most {
		return usageError("%d images take %.1f GB, for %s has no running statistics and they are one batch; want at most %d: draw fewer, or give the model running statistics",
			n, float64(n)*float64(each)/1e9, d.Title, most)
	}
	return nil
}

// mapBytes is what one image's feature maps take, those of all layers.
func mapBytes(layers []model.LayerInfo) int {
	sum := 0
	for _, l := range layers {
		sum += 4 * l.Height * l.Width * l.Channels
	}
	return sum
}
