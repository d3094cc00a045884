package dataset

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// codec is one file format of pictures, known by its first bytes.
type codec struct {
	name   string
	magic  []string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecs lists the formats read, and after them (with no functions) those that
// deserve to be named when they are refused.
var codecs = []codec{
	{"jpeg", []string{"\xff\xd8\xff"}, jpeg.DecodeConfig, jpeg.Decode},
	{"png", []string{"\x89PNG\r\n\x1a\n"}, png.DecodeConfig, png.Decode},
	{"gif", []string{"GIF87a", "GIF89a"}, gif.DecodeConfig, gif.Decode},
	{name: "bmp", magic: []string{"BM"}},
	{name: "tiff", magic: []string{"II*\x00", "MM\x00*"}},
	{name: "webp", magic: []string{"RIFF"}},
}

func sniff(b []byte) *codec {
	for i := range codecs {
		for _, m := range codecs[i].magic {
			if bytes.HasPrefix(b, []byte(m)) {
				return &codecs[i]
			}
		}
	}
	return nil
}

// openPicture reads the header of a picture file. Its first bytes decide what
// it is, not its name. More than maxPixels is ErrLimit, before anything is
// allocated for them.
func openPicture(b []byte, maxPixels int64) (picture, error) {
	if len(b) == 0 {
		return picture{}, fail(ErrCorrupt, "no bytes")
	}
	c := sniff(b)
	switch {
	case c == nil:
		return picture{}, fail(ErrCorrupt, "not a picture: begins with %q", b[:min(len(b), 8)])
	case c.decode == nil:
		return picture{}, fail(ErrUnsupported, "%s picture, want jpeg, png or gif", c.name)
	}
	cfg, err := c.config(bytes.NewReader(b))
	if err != nil {
		return picture{}, fail(ErrCorrupt, "%s header: %w", c.name, err)
	}
	if err := checkPixels(cfg.Width, cfg.Height, maxPixels); err != nil {
		return picture{}, err
	}
	p := picture{w: cfg.Width, h: cfg.Height, orient: 1}
	if c.name == "jpeg" {
		p.orient = orientation(b)
	}
	p.pixels = func() (image.Image, error) {
		m, err := c.decode(bytes.NewReader(b))
		if err != nil {
			return nil, fail(ErrCorrupt, "%s: %w", c.name, err)
		}
		return m, nil
	}
	return p, nil
}

func checkPixels(w, h int, maxPixels int64) error {
	if w < 1 || h < 1 {
		return fail(ErrCorrupt, "claims %dx%d pixels", w, h)
	}
	if int64(w) > maxPixels/int64(h) {
		return fail(ErrLimit, "claims %dx%d pixels, limit %d", w, h, maxPixels)
	}
	return nil
}
