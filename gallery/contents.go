package gallery

import (
	"fmt"
	"image"
	"strings"
	"unicode"
)

// Crop is the part of the picture that stands for it in the contents, as the view box
// of an SVG: its first tiles, of a map those in the middle, and of a picture without
// tiles the whole. Empty: no picture is shown.
func (b *Block) Crop() string {
	if b.Src() == "" {
		return ""
	}
	r := b.crop()
	return fmt.Sprintf("%d %d %d %d", r.Min.X, r.Min.Y, r.Dx(), r.Dy())
}

// cropTiles stand side by side in the contents.
const cropTiles = 4

func (b *Block) crop() image.Rectangle {
	whole := image.Rect(0, 0, b.Data.Width, b.Data.Height)
	tiles := b.Data.Tiles
	if len(tiles) < 2 {
		return whole
	}
	first := tiles[0]
	at, width := image.Pt(first.X, first.Y), first.W
	if len(b.Data.Points) > 0 {
		var all image.Rectangle
		for _, t := range tiles {
			all = all.Union(image.Rect(t.X, t.Y, t.X+t.W, t.Y+t.H))
		}
		width = max(all.Dx()*2/3, width)
		at = image.Pt((all.Min.X+all.Max.X-width)/2, (all.Min.Y+all.Max.Y-width*3/4)/2)
	} else if step := tiles[1].X - first.X; tiles[1].Y == first.Y && step > 0 && step < 2*first.W {
		width += (cropTiles - 1) * step
	} else {
		width *= cropTiles
	}
	part := image.Rectangle{at, at.Add(image.Pt(width, max(width*3/4, 1)))}.Intersect(whole)
	if part.Empty() {
		return whole
	}
	return part
}

// Lead is the first sentence of the verdict.
func (b *Block) Lead() string {
	text := b.Verdict
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '.' && text[i+1] == ' ' && unicode.IsUpper(rune(text[i+2])) && !strings.HasSuffix(text[:i], "Fig") {
			return text[:i+1]
		}
	}
	return text
}

// learnt heads the page: what so many models have learnt.
func learnt(blocks []*Block) string {
	models := make(map[string]bool)
	for _, b := range blocks {
		if b.SHA256 != "" {
			models[b.SHA256] = true
		}
	}
	if n := len(models); n > 1 {
		return fmt.Sprintf("What %d DCGANs have learnt", n)
	}
	return "What a DCGAN has learnt"
}
