package figure

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	_ "image/gif" // for DecodeConfig
	"image/png"
	"io"
	"iter"

	"dcganviz/internal/refuse"
	"dcganviz/viz"
)

// A Redrawn is in what a picture differs from the same drawn again.
type Redrawn struct {
	Bytes   bool // the files are the same
	Pixels  int  // of all frames that were compared
	Differ  int  // of them
	Largest int  // difference, of 255
	Times   bool // a frame is shown for another time
	GIF     bool // it has 256 colours
	// Words says that other words stand below the picture, which were not compared.
	Words bool
}

// What other kernels may change: one pixel in a thousand, or a few of a small picture, by
// so many levels of 255. Portable kernels changed up to 32 pixels in a million of Figs. 2
// to 5, of sheets, contact sheets and units of façades and of walks of faces and digits,
// by one level; of the plots of Fig. 4's audit, five by two or three. In a GIF of faces 16
// pixels took another of its 256 colours, up to six levels away. A t-SNE map is beyond any
// bound: its steps amplify the last bits.
const (
	roundingOneIn    = 1000
	roundingFew      = 8
	roundingMost     = 4
	roundingInColors = 16 // of a GIF
)

// Rounding reports whether other kernels explain the differences: at most one pixel in a
// thousand, or eight in all, by at most 4 of 255, or 16 in a GIF.
func (c Redrawn) Rounding() bool {
	most := roundingMost
	if c.GIF {
		most = roundingInColors
	}
	return !c.Times && c.Largest <= most && c.Differ <= max(roundingFew, c.Pixels/roundingOneIn)
}

// Same reports whether every pixel, and the time of every frame, is the same; of a picture
// with other Words, every pixel above them.
func (c Redrawn) Same() bool { return c.Differ == 0 && !c.Times }

// mostWordsPx is how much higher words of an older version may make a picture.
const mostWordsPx = 2048

// CompareRedrawn compares a picture, which may be hostile, with what was drawn again;
// animated says that it is an APNG or a GIF. It reads the file in parts and decodes only
// one of the right size. An error that wraps viz.ErrBadPicture is of the picture.
//
// body is the height of what lies above the words below the picture, 0 if there are none.
// Other versions have fewer or more lines of words: a picture of another height is
// compared above them.
func CompareRedrawn(before io.ReadSeeker, after []byte, animated bool, body int) (c Redrawn, err error) {
	rewind := func() (io.Reader, error) {
		_, err := before.Seek(0, io.SeekStart)
		return bufio.NewReader(before), err
	}
	file, err := rewind()
	if err != nil {
		return c, err
	}
	if c.Bytes, err = sameBytes(file, after); c.Bytes || err != nil {
		return c, err
	}
	if file, err = rewind(); err != nil {
		return c, err
	}
	a, format, err := image.DecodeConfig(file)
	if err != nil {
		return c, refuse.WithKind(err, viz.ErrBadPicture)
	}
	c.GIF = format == "gif"
	b, _, err := image.DecodeConfig(bytes.NewReader(after))
	if err != nil {
		return c, err
	}
	c.Words = body > 0 && !animated && a.Width == b.Width && a.Height != b.Height && a.Height >= body && a.Height <= b.Height+mostWordsPx
	if !c.Words && (a.Width != b.Width || a.Height != b.Height) {
		c.Pixels = max(a.Width*a.Height, b.Width*b.Height)
		c.Differ, c.Largest = c.Pixels, 255
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
		return c, refuse.WithKind(err, viz.ErrBadPicture)
	}
	y, err := png.Decode(bytes.NewReader(after))
	if err != nil {
		return c, err
	}
	if !c.Words {
		body = b.Height
	}
	c.rows(x, y, body)
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
func (c *Redrawn) frames(before, after iter.Seq2[viz.Frame, error]) error {
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
		c.Times = c.Times || !c.sameTime(x, y)
	}
	for {
		y, err, more := next()
		if !more || err != nil {
			return err
		}
		c.add(y.Image.Rect) // frames too few
	}
}

// sameTime reports whether two frames are shown for the same time. A GIF has hundredths of
// a second, which older versions rounded frame by frame.
func (c *Redrawn) sameTime(x, y viz.Frame) bool {
	if c.GIF && x.Den == 100 && y.Den == 100 {
		return max(x.Num-y.Num, y.Num-x.Num) <= 1
	}
	return x.Num*y.Den == y.Num*x.Den
}

// add counts a frame that the other animation lacks.
func (c *Redrawn) add(r image.Rectangle) {
	c.Pixels += r.Dx() * r.Dy()
	c.Differ += r.Dx() * r.Dy()
	c.Largest = 255
}

// frame compares two pictures of one size.
func (c *Redrawn) frame(x, y image.Image) { c.rows(x, y, y.Bounds().Dy()) }

// rows compares the upper rows of two pictures of one width.
func (c *Redrawn) rows(x, y image.Image, rows int) {
	size := image.Pt(y.Bounds().Dx(), rows)
	c.Pixels += size.X * size.Y
	for v := range size.Y {
		for u := range size.X {
			if d := difference(x.At(u, v), y.At(u, v)); d > 0 {
				c.Differ, c.Largest = c.Differ+1, max(c.Largest, d)
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
