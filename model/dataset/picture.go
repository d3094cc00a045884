package dataset

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// codec is one file format of pictures, known by its first bytes.
type codec struct {
	name   string
	magic  []string
	config func(io.Reader) (image.Config, error)
	// memory is what decode allocates for the picture in b, whose header config has read,
	// and what of it the picture keeps, in bytes.
	memory func(b []byte, w, h int) (taken, kept int64, err error)
	decode func(io.Reader) (image.Image, error)
	// advice says what to do with a picture that is refused.
	advice string
}

// codecs lists the formats read, and after them (with no functions) those that
// deserve to be named when they are refused.
var codecs = []codec{
	{"jpeg", []string{"\xff\xd8\xff"}, jpeg.DecodeConfig, jpegMemory, jpeg.Decode, ""},
	{"png", []string{pngMagic}, png.DecodeConfig, pngMemory, png.Decode, ""},
	{"gif", []string{"GIF87a", "GIF89a"}, gif.DecodeConfig, gifMemory, gif.Decode, ""},
	{"webp", []string{"RIFF"}, webp.DecodeConfig, webpMemory, webpDecode, ""},
	{"netpbm", netpbmMagic("2356"), netpbmConfig, netpbmMemory, netpbmDecode, ""},
	{name: "pbm or pam", magic: netpbmMagic("147")},
	{name: "bmp", magic: []string{"BM"}},
	{name: "tiff", magic: []string{"II*\x00", "MM\x00*"}},
	{name: "heic", advice: "on the phone choose Settings, Camera, Formats, Most Compatible, or convert it: heif-convert A.HEIC A.jpg, on a Mac sips -s format jpeg A.HEIC --out A.jpg"},
	{name: "avif", advice: "convert it: heif-convert A.avif A.jpg"},
}

// brands are the names of what is in files of the ISO base media format, which begin with
// a length.
//
// Source: ISO/IEC 14496-12, section 4.3; 23008-12, annex B.
var brands = map[string]string{
	"heic": "heic", "heix": "heic", "heim": "heic", "heis": "heic", "hevc": "heic", "hevx": "heic", "mif1": "heic", "msf1": "heic",
	"avif": "avif", "avis": "avif",
}

func sniff(b []byte) *codec {
	brand := ""
	if len(b) >= 12 && string(b[4:8]) == "ftyp" {
		brand = brands[string(b[8:12])]
	}
	for i := range codecs {
		if codecs[i].name == brand {
			return &codecs[i]
		}
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
		err := fail(ErrUnsupported, "%s picture, want jpeg, png, gif, webp or netpbm", c.name)
		if c.advice != "" {
			err = fail(ErrUnsupported, "%w: %s", err, c.advice)
		}
		return picture{}, err
	}
	cfg, err := c.config(bytes.NewReader(b))
	if err != nil {
		return picture{}, fail(ErrCorrupt, "%s header: %w", c.name, err)
	}
	if err := checkPixels(cfg.Width, cfg.Height, maxPixels); err != nil {
		return picture{}, err
	}
	p := picture{w: cfg.Width, h: cfg.Height, orient: 1}
	if p.taken, p.kept, err = c.memory(b, p.w, p.h); err != nil {
		return picture{}, err
	}
	if c.name != "gif" && c.name != "netpbm" {
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

// pngMemory returns what image/png allocates for a picture: up to 8 bytes a pixel, and as
// much again for the passes of an interlaced one.
//
// Source: W3C PNG, section 11.2.1, the IHDR chunk; image/png, readImagePass.
func pngMemory(b []byte, w, h int) (taken, kept int64, err error) {
	depth, colour, interlaced := b[24], b[25], b[28] != 0
	perPixel := int64(4)
	switch colour {
	case 3: // palette
		perPixel = 1
	case 0: // gray
		if !bytes.Contains(b, []byte("tRNS")) {
			perPixel = 1
		}
	}
	if depth == 16 {
		perPixel *= 2
	}
	kept = perPixel * int64(w) * int64(h)
	if interlaced {
		return 2 * kept, kept, nil
	}
	return kept, kept, nil
}

// gifMemory returns what image/gif allocates for a picture, interlaced or not.
func gifMemory(_ []byte, w, h int) (taken, kept int64, err error) {
	kept = int64(w) * int64(h)
	return 2 * kept, kept, nil
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
