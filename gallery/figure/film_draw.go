package figure

import (
	"image"

	"dcganviz/viz"
)

// How large tiles are drawn, by a whole factor: about so many pixels.
const (
	filmTilePx = 128
	filmWalkPx = 2 * filmTilePx
)

// How long what is shown stays, in seconds.
const (
	titleSeconds = 1.5
	termSeconds  = 0.75
	wholeSeconds = 1    // samples before they lose the concept
	fadeSeconds  = 0.25 // a step on the way to a filled sample
	endSeconds   = 3.25 // the end of a sum or of forgetting
)

// A filmScene is slides, how many frames each stays, and which one stands for the scene.
type filmScene struct {
	slides []viz.Slide
	frames []int
	still  int
}

func (s *filmScene) add(slide viz.Slide, frames int) {
	s.slides, s.frames = append(s.slides, slide), append(s.frames, frames)
	s.still = len(s.slides) - 1
}

// draw draws the frames of all scenes, and the stills of the sheet.
func (r *FilmResult) draw() error {
	scenes := []filmScene{r.titleScene(), r.walkScene()}
	if r.Sum != nil {
		scenes = append(scenes, r.sumScene())
	}
	if r.Forgetting != nil {
		scenes = append(scenes, r.forgettingScene())
	}
	var slides []viz.Slide
	for _, s := range scenes {
		slides = append(slides, s.slides...)
	}
	pictures, err := viz.Slides(slides)
	if err != nil {
		return usage("%w", err)
	}
	r.film = &Animation{Rate: r.FPS, GIF: r.gif}
	for _, s := range scenes {
		r.stills = append(r.stills, pictures[s.still])
		for i, n := range s.frames {
			for range n {
				r.film.Frames = append(r.film.Frames, pictures[i])
			}
		}
		pictures = pictures[len(s.slides):]
	}
	r.Frames = len(r.film.Frames)
	return nil
}

// row draws tiles side by side, enlarged to about so many pixels.
func filmRow(tiles []image.Image, px int) viz.SlideRow {
	var row viz.SlideRow
	for _, t := range tiles {
		size := t.Bounds().Size()
		row.Tiles = append(row.Tiles, viz.SlideTile{Image: t, Scale: max(1, px/max(size.X, size.Y))})
	}
	return row
}

// titleScene shows images of both walks, evenly spaced: who stops the film sees them.
func (r *FilmResult) titleScene() (s filmScene) {
	slide := viz.Slide{Title: r.title(), Caption: r.titleCaption()}
	for _, w := range r.Walks {
		var tiles []image.Image
		for i := range filmAnchors {
			tiles = append(tiles, w.tiles[i*len(w.tiles)/filmAnchors])
		}
		row := filmRow(tiles, filmTilePx)
		if r.With != "" {
			row.Label = w.name
		}
		slide.Rows = append(slide.Rows, row)
	}
	s.add(slide, r.frames(titleSeconds))
	return s
}

func (r *FilmResult) walkScene() (s filmScene) {
	for i := range r.Walks[0].tiles {
		var tiles []image.Image
		for _, w := range r.Walks {
			tiles = append(tiles, w.tiles[i])
		}
		row := filmRow(tiles, filmWalkPx)
		row.GapPx = 24
		for k, w := range r.Walks {
			row.Tiles[k].Name = w.name
		}
		s.add(viz.Slide{Title: walkTitle, Rows: []viz.SlideRow{row}, Caption: r.walkCaption()}, 1)
	}
	s.still /= 2
	return s
}

// sumScene shows a term after the other.
func (r *FilmResult) sumScene() (s filmScene) {
	f := r.Sum
	names := []string{f.A.Name, f.B.Name, f.C.Name, f.Gives}
	if f.Gives == "" {
		names[3] = "the result"
	}
	for shown := 1; shown <= len(names); shown++ {
		slide := viz.Slide{Title: r.sumTitle(), Caption: r.sumCaption()}
		for i, label := range []string{"latents", "pixels"} {
			row := filmRow(f.rows[i], filmTilePx)
			row.Label = label
			for k, sign := range []string{"", "−", "+", "="} {
				row.Tiles[k].Sign, row.Tiles[k].Hidden = sign, k >= shown
				if i == 1 {
					row.Tiles[k].Name = names[k]
				}
			}
			slide.Rows = append(slide.Rows, row)
		}
		seconds := termSeconds
		if shown == len(names) {
			seconds = endSeconds
		}
		s.add(slide, r.frames(seconds))
	}
	return s
}

// forgettingScene shows samples as drawn, and then below them what becomes of them: the
// same images twice would only take bytes.
func (r *FilmResult) forgettingScene() (s filmScene) {
	f := r.Forgetting
	for i, tiles := range f.fade {
		above, below := filmRow(f.fade[0], filmTilePx), filmRow(tiles, filmTilePx)
		above.Label, below.Label = "drawn", "filled"
		frames := r.frames(fadeSeconds)
		switch i {
		case 0:
			below.Label, frames = "", r.frames(wholeSeconds)
			for k := range below.Tiles {
				below.Tiles[k].Hidden = true
			}
		case len(f.fade) - 1:
			frames = r.frames(endSeconds)
		}
		s.add(viz.Slide{Title: r.forgettingTitle(), Rows: []viz.SlideRow{above, below}, Caption: r.forgettingCaption()}, frames)
	}
	return s
}

// Draw draws a still of each scene, for readers who want nothing to move.
func (r *FilmResult) Draw() (*viz.Picture, error) {
	if r.stills == nil {
		return nil, errNoImages
	}
	var tiles []image.Image
	for _, p := range r.stills {
		tiles = append(tiles, p)
	}
	return viz.Sheet(tiles, viz.SheetOptions{Columns: 2})
}

// More is the sheet of stills.
func (r *FilmResult) More() ([]File, error) {
	sheet, err := r.Draw()
	return []File{{End: sheetEnd, Picture: sheet}}, err
}
