package viz

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"io"
)

// AnimationOptions is how long an animation shows its frames. The zero
// value shows each for a tenth of a second and repeats for ever.
type AnimationOptions struct {
	// DelayNum/DelayDen is the time that a frame is shown for, in seconds,
	// each at most 65535. Both zero: 1/10.
	DelayNum, DelayDen int
	// Loops is how often the animation is played. Zero: for ever.
	Loops int
	// Recipe is what the file carries, as in EncodePNG.
	Recipe []Text
}

// delay is the checked time of a frame.
func (o AnimationOptions) delay() (num, den int, err error) {
	if o.DelayNum == 0 && o.DelayDen == 0 {
		return 1, 10, nil
	}
	if o.DelayNum < 0 || o.DelayNum > 65535 || o.DelayDen < 1 || o.DelayDen > 65535 {
		return 0, 0, fmt.Errorf("delay %d/%d s, want 0 to 65535 over 1 to 65535", o.DelayNum, o.DelayDen)
	}
	return o.DelayNum, o.DelayDen, nil
}

// EncodeAPNG writes frames as an animated PNG. A reader that knows no
// animation shows the first frame.
//
// Frames have the same size. Of each only the rectangle is stored in which it
// differs from the frame before. Colour and compression are as in EncodePNG,
// with one colour type for all frames. No frames, sizes that differ, options
// out of range and a failing w are errors.
func EncodeAPNG(w io.Writer, frames []image.Image, o AnimationOptions) error {
	if err := encodeAPNG(w, frames, o); err != nil {
		return fmt.Errorf("viz: apng: %w", err)
	}
	return nil
}

func encodeAPNG(w io.Writer, frames []image.Image, o AnimationOptions) error {
	num, den, err := o.delay()
	if err != nil {
		return err
	}
	if o.Loops < 0 || o.Loops > 1<<31-1 {
		return fmt.Errorf("%d loops, want 0 to 2^31-1", o.Loops)
	}
	rasters, err := newRasters(frames)
	if err != nil {
		return err
	}
	c := chunkWriter{w: bufio.NewWriter(w)}
	first := rasters[0]
	if err := c.header(first.width, first.height, first.color(), o.Recipe); err != nil {
		return err
	}
	c.write("acTL", binary.BigEndian.AppendUint32(nil, uint32(len(frames))), binary.BigEndian.AppendUint32(nil, uint32(o.Loops)))
	sequence := uint32(0)
	count := func() []byte {
		sequence++
		return binary.BigEndian.AppendUint32(nil, sequence-1)
	}
	for i, r := range rasters {
		changed := image.Rect(0, 0, r.width, r.height)
		if i > 0 {
			changed = r.changed(rasters[i-1])
		}
		control := count()
		for _, v := range []int{changed.Dx(), changed.Dy(), changed.Min.X, changed.Min.Y} {
			control = binary.BigEndian.AppendUint32(control, uint32(v))
		}
		control = binary.BigEndian.AppendUint16(control, uint16(num))
		control = binary.BigEndian.AppendUint16(control, uint16(den))
		// The rectangle is left in place after it was shown (0), and
		// replaces what lies below (0).
		c.write("fcTL", append(control, 0, 0))
		for _, part := range r.crop(changed).compress() {
			if i == 0 {
				c.write("IDAT", part)
			} else {
				c.write("fdAT", count(), part)
			}
		}
	}
	c.write("IEND")
	return c.flush()
}

// newRasters reads frames, which get one size and one colour type.
func newRasters(frames []image.Image) ([]*raster, error) {
	if len(frames) == 0 {
		return nil, fmt.Errorf("no frames, want at least one")
	}
	rasters := make([]*raster, len(frames))
	as := gray8
	for i, frame := range frames {
		r, err := newRaster(frame)
		if err != nil {
			return nil, fmt.Errorf("frame %d: %w", i, err)
		}
		if first := rasters[0]; i > 0 && (r.width != first.width || r.height != first.height) {
			return nil, fmt.Errorf("frame %d is %dx%d, want %dx%d as the first", i, r.width, r.height, first.width, first.height)
		}
		rasters[i] = r
		as = max(as, r.color()) // grey < RGB < RGBA
	}
	for _, r := range rasters {
		r.forced, r.as = true, as
	}
	return rasters, nil
}

// changed is the smallest rectangle, of at least one pixel, outside which r
// and before are the same.
func (r *raster) changed(before *raster) image.Rectangle {
	each := r.color().samples()
	a, b := make([]byte, r.width*each), make([]byte, r.width*each)
	var out image.Rectangle
	for y := range r.height {
		r.row(a, y)
		before.row(b, y)
		out = out.Union(changedSpan(a, b, each, y))
	}
	return atLeastOne(out)
}

// changedSpan is the part of row y in which a and b differ. A pixel has each bytes.
func changedSpan(a, b []byte, each, y int) image.Rectangle {
	from, to := 0, len(a)
	for from < to && a[from] == b[from] {
		from++
	}
	if from == to {
		return image.Rectangle{}
	}
	for a[to-1] == b[to-1] {
		to--
	}
	return image.Rect(from/each, y, (to-1)/each+1, y+1)
}

// atLeastOne gives a frame without changes a pixel, which the formats want.
func atLeastOne(r image.Rectangle) image.Rectangle {
	if r.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return r
}

// crop is the part of r that lies in s, without copying it.
func (r *raster) crop(s image.Rectangle) *raster {
	part := *r
	part.width, part.height = s.Dx(), s.Dy()
	part.pix = r.pix[s.Min.Y*r.stride+s.Min.X*r.each:]
	return &part
}
