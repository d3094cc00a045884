package main

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"iter"

	"dcganviz/viz"
)

// A comparison is in what a picture differs from what was drawn again.
type comparison struct {
	bytes   bool // the files are the same
	pixels  int  // of all frames that were compared
	differ  int  // of them
	largest int  // difference, of 255
	times   bool // a frame is shown for another time
}

// Other kernels change at most a share of the pixels, by at most so many levels of 255.
// MEASURED
const (
	roundingShare = 0.02
	roundingMost  = 2
)

// rounding reports whether other kernels explain the differences.
func (c comparison) rounding() bool {
	return c.largest <= roundingMost && float64(c.differ) <= roundingShare*float64(c.pixels)
}

// compare compares a picture, which may be hostile, with what was drawn again. It reads
// the file in parts and decodes only one of the right size.
func compare(before io.ReadSeeker, after []byte, animated bool) (c comparison, err error) {
	rewind := func() (io.Reader, error) {
		_, err := before.Seek(0, io.SeekStart)
		return bufio.NewReader(before), err
	}
	file, err := rewind()
	if err != nil {
		return c, err
	}
	if c.bytes, err = sameBytes(file, after); c.bytes || err != nil {
		return c, err
	}
	if file, err = rewind(); err != nil {
		return c, err
	}
	a, _, err := image.DecodeConfig(file)
	if err != nil {
		return c, &coded{err, exitRefused}
	}
	b, _, err := image.DecodeConfig(bytes.NewReader(after))
	if err != nil {
		return c, err
	}
	if a.Width != b.Width || a.Height != b.Height {
		c.pixels = max(a.Width*a.Height, b.Width*b.Height)
		c.differ, c.largest = c.pixels, 255
		return c, nil
	}
	if file, err = rewind(); err != nil {
		return c, err
	}
	if animated {
		return c, c.frames(viz.ReadFrames(file, a.Width, a.Height), viz.ReadFrames(bytes.NewReader(after), a.Width, a.Height))
	}
	x, err := png.Decode(file)
	if err != nil {
		return c, &coded{err, exitRefused}
	}
	y, err := png.Decode(bytes.NewReader(after))
	if err != nil {
		return c, err
	}
	c.frame(x, y)
	return c, nil
}

// sameBytes reports whether a file holds b.
func sameBytes(file io.Reader, b []byte) (bool, error) {
	part := make([]byte, 1<<16)
	for {
		n, err := io.ReadFull(file, part)
		if n > len(b) || !bytes.Equal(part[:n], b[:n]) {
			return false, nil
		}
		b = b[n:]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return len(b) == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// frames compares animations, frame by frame.
func (c *comparison) frames(before, after iter.Seq2[viz.Frame, error]) error {
	next, stop := iter.Pull2(after)
	defer stop()
	for x, err := range before {
		if err != nil {
			return err
		}
		y, err, more := next()
		switch {
		case err != nil:
			return err
		case !more: // frames too many
			c.add(x.Image.Rect)
			return nil
		}
		c.frame(x.Image, y.Image)
		c.times = c.times || x.Num*y.Den != y.Num*x.Den
	}
	for {
		y, err, more := next()
		if !more || err != nil {
			return err
		}
		c.add(y.Image.Rect) // frames too few
	}
}

// add counts a frame that the other animation lacks.
func (c *comparison) add(r image.Rectangle) {
	c.pixels += r.Dx() * r.Dy()
	c.differ += r.Dx() * r.Dy()
	c.largest = 255
}

// frame compares two pictures of one size.
func (c *comparison) frame(x, y image.Image) {
	size := y.Bounds().Size()
	c.pixels += size.X * size.Y
	for v := range size.Y {
		for u := range size.X {
			if d := difference(x.At(u, v), y.At(u, v)); d > 0 {
				c.differ, c.largest = c.differ+1, max(c.largest, d)
			}
		}
	}
}

// difference is how far two colours differ in the channel where they differ most, of
// 255.
func difference(a, b color.Color) int {
	var p, q [4]uint32
	var d uint32
	p[0], p[1], p[2], p[3] = a.RGBA()
	q[0], q[1], q[2], q[3] = b.RGBA()
	for i := range p {
		d = max(d, max(p[i], q[i])-min(p[i], q[i]))
	}
	return int(d / 0x101)
}
