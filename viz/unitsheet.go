package viz

import (
	"fmt"
	"image"
	"image/draw"
)

// A UnitTile is one unit of a UnitSheet.
type UnitTile struct {
	// Samples drive the unit, each with the Area where it is active: a value
	// for each pixel, row by row.
	Samples []image.Image
	Areas   [][]bool
	// Change is what holding the unit does to images.
	Change image.Image
	// Caption is the unit's numbers.
	Caption string
}

// unitGapPx parts a unit's samples from its change.
const unitGapPx = 4

// UnitSheet draws the units of a layer, one strip each: its samples, dimmed
// outside of its area, and last its change. o says how the strips are laid out; its
// Captions, Marks and labels are not used. The picture's tiles are the strips.
//
// All pictures have one size, and all units as many samples. No units, pictures
// or areas that are missing or of another size, and what Sheet refuses are
// errors.
func UnitSheet(units []UnitTile, o SheetOptions) (*Picture, error) {
	strips := make([]image.Image, len(units))
	captions, told := make([]string, len(units)), false
	for i, u := range units {
		strip, err := unitStrip(u)
		if err != nil {
			return nil, fmt.Errorf("viz: unit %d of the sheet: %w", i, err)
		}
		strips[i], captions[i] = strip, u.Caption
		told = told || u.Caption != ""
	}
	if !told {
		captions = nil // which would leave room for them
	}
	o.Captions, o.Marks, o.RowLabels, o.ColumnLabels = captions, nil, nil, nil
	return Sheet(strips, o)
}

func unitStrip(u UnitTile) (image.Image, error) {
	if u.Change == nil || len(u.Samples) == 0 || len(u.Areas) != len(u.Samples) {
		return nil, fmt.Errorf("%d samples and %d areas, want one or more of both, as many, and a change", len(u.Samples), len(u.Areas))
	}
	size := u.Change.Bounds().Size()
	if size.X > maxSidePx || size.Y > maxSidePx || size.X*(len(u.Samples)+1) > maxSidePx {
		return nil, fmt.Errorf("%d pictures of %dx%d, want a strip of at most %d", len(u.Samples)+1, size.X, size.Y, maxSidePx)
	}
	out := image.NewRGBA(image.Rect(0, 0, size.X*(len(u.Samples)+1)+unitGapPx, size.Y))
	draw.Draw(out, out.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	at := image.Rectangle{Max: size}
	for i, img := range u.Samples {
		shown, err := ShowArea(img, u.Areas[i], AreaOptions{})
		if err != nil {
			return nil, err
		}
		if shown.Rect.Size() != size {
			return nil, fmt.Errorf("sample %d is %v, want %v", i, shown.Rect.Size(), size)
		}
		draw.Draw(out, at, shown, image.Point{}, draw.Src)
		at = at.Add(image.Pt(size.X, 0))
	}
	draw.Draw(out, at.Add(image.Pt(unitGapPx, 0)), bare(u.Change), u.Change.Bounds().Min, draw.Over)
	return out, nil
}
