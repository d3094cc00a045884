package viz

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// EncodeGIF writes frames as a GIF animation, in the 256 colours that suit
// all of them together.
//
// Frames have the same size, at most 65535 a side; alpha is laid on white.
// Of each only the rectangle is stored in which it differs from the frame before.
// With at most 256 colours in all, every pixel keeps its own. Otherwise the
// colours are chosen by median cut and refined, each pixel takes the nearest
// (nothing is dithered: in an animation the grain would crawl). Delays are
// whole hundredths of a second, and the time at which each frame appears is rounded, so that
// the whole lasts as long as it should. They are at least two, since browsers
// slow down what is faster: of faster animations frames are left out. Each text of the recipe becomes a comment before
// the first frame. The bytes depend on the arguments alone. No frames, sizes
// that differ, options out of range (Loops: at most 65535), a text that iTXt
// cannot hold either, and a failing w are errors.
func EncodeGIF(w io.Writer, frames []image.Image, o AnimationOptions) error {
	if err := encodeGIF(w, frames, o); err != nil {
		return fmt.Errorf("viz: gif: %w", err)
	}
	return nil
}

func encodeGIF(w io.Writer, frames []image.Image, o AnimationOptions) error {
	num, den, err := o.delay()
	if err != nil {
		return err
	}
	if o.Loops < 0 || o.Loops > 65535 {
		return fmt.Errorf("%d loops, want 0 to 65535", o.Loops)
	}
	if len(frames) == 0 {
		return fmt.Errorf("no frames, want at least one")
	}
	flat := make([]*image.RGBA, len(frames))
	for i, frame := range frames {
		if frame == nil {
			return fmt.Errorf("frame %d: no image", i)
		}
		s, first := frame.Bounds().Size(), frames[0].Bounds().Size()
		if s != first {
			return fmt.Errorf("frame %d is %dx%d, want %dx%d as the first", i, s.X, s.Y, first.X, first.Y)
		}
		if s.X < 1 || s.Y < 1 || s.X > 65535 || s.Y > 65535 || s.Y > maxPixels/s.X {
			return fmt.Errorf("frame %d is %dx%d, want 1 to 65535 a side and at most %d pixels", i, s.X, s.Y, maxPixels)
		}
		flat[i] = flatten(frame)
	}
	p := newPalette(flat)
	var out gif.GIF
	switch o.Loops {
	case 0: // for ever, in a GIF too
	case 1:
		out.LoopCount = -1
	default:
		out.LoopCount = o.Loops - 1 // the showings after the first
	}
	if 100*num/den >= 65535 {
		return fmt.Errorf("delay %d/%d s, want at most 655.35 s", num, den)
	}
	delays := gifDelays(len(flat), num, den)
	var before *image.Paletted
	for i, frame := range flat {
		if delays[i] == 0 {
			continue
		}
		now := p.apply(frame)
		out.Image = append(out.Image, now.SubImage(changedIndices(before, now)).(*image.Paletted))
		before = now
		out.Delay = append(out.Delay, delays[i])
		out.Disposal = append(out.Disposal, gif.DisposalNone)
	}
	out.Config = image.Config{ColorModel: p.colors, Width: flat[0].Rect.Dx(), Height: flat[0].Rect.Dy()}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &out); err != nil {
		return err
	}
	return writeCommented(w, file.Bytes(), o.Recipe)
}

// leastDelay is the shortest delay that browsers keep to, in hundredths of a second.
const leastDelay = 2

// gifDelays returns how long each of n frames of num/den seconds is shown, in hundredths of
// a second; 0 of one that is left out. Of several frames two are shown at least.
func gifDelays(n, num, den int) []int {
	total := max((200*n*num+den)/(2*den), leastDelay*min(n, 2))
	shown := min(n, total/leastDelay)
	from := func(k int) int { return (2*total*k + shown) / (2 * shown) }
	delays := make([]int, n)
	for k := range shown {
		delays[k*n/shown] = from(k+1) - from(k)
	}
	return delays
}

// changedIndices returns the smallest rectangle, of at least one pixel, that holds
// all changes from before to now. If before is nil it is all of now.
func changedIndices(before, now *image.Paletted) image.Rectangle {
	if before == nil {
		return now.Rect
	}
	var out image.Rectangle
	for y := range now.Rect.Dy() {
		a, b := now.Pix[y*now.Stride:][:now.Rect.Dx()], before.Pix[y*before.Stride:][:now.Rect.Dx()]
		out = out.Union(changedSpan(a, b, 1, y))
	}
	return atLeastOne(out)
}

// flatten lays img on white, with its origin at (0, 0). A picture that is
// so already is given as it is.
func flatten(img image.Image) *image.RGBA {
	img = bare(img)
	if m, ok := img.(*image.RGBA); ok && m.Rect.Min == (image.Point{}) && m.Opaque() {
		return m
	}
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, b.Min, draw.Over)
	return out
}
