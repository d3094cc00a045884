package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"runtime"
	"strings"
	"testing"
)

// decodeOne runs the whole way from a picture's bytes to size*size*channels.
func decodeOne(b []byte, size, channels int, maxPixels int64) ([]byte, error) {
	s := &Set{opts: Options{Size: size, Width: size, Channels: channels}, contents: &contents{
		decode: func(b []byte) (picture, error) { return openPicture(b, maxPixels) },
	}}
	dst := make([]byte, size*size*channels)
	err := s.decodeBytes(dst, b, new(scratch))
	return dst, err
}

// hugePNG, hugeJPEG and hugeGIF are headers that claim 65535x65535 pixels.
func hugePNG() []byte {
	ihdr := []byte("IHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

func hugeJPEG() []byte {
	return []byte("\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xda\x00\x0c")
}

func hugeGIF() []byte {
	return []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x44\x01\x00;")
}

func TestHugeClaimIsRefusedWithoutAllocating(t *testing.T) {
	for name, b := range map[string][]byte{"png": hugePNG(), "jpeg": hugeJPEG(), "gif": hugeGIF()} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := openPicture(b, 64<<20)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "65535x65535") {
				t.Errorf("got %v, want ErrLimit that names 65535x65535", err)
			}
			// The decoders' own buffers take some 30 KB; the pixels would take 4 GB.
			const most = 1 << 20
			if n := after.TotalAlloc - before.TotalAlloc; n > most {
				t.Errorf("allocated %d bytes, want at most %d", n, most)
			}
		})
	}
}

func TestPixelLimitIsExact(t *testing.T) {
	b := asPNG(t, ramp(5, 4))
	if _, err := openPicture(b, 20); err != nil {
		t.Errorf("20 pixels under a limit of 20: %v", err)
	}
	if _, err := openPicture(b, 19); !errors.Is(err, ErrLimit) {
		t.Errorf("20 pixels over a limit of 19: %v, want ErrLimit", err)
	}
}

func TestBadPictureSaysWhy(t *testing.T) {
	good := asJPEG(t, ramp(16, 16))
	broken := bytes.Clone(asPNG(t, ramp(9, 9)))
	broken[len(broken)-20] ^= 0x40 // inside IDAT: its checksum fails
	tests := []struct {
		name string
		data []byte
		kind error
		text string
	}{
		{"empty", nil, ErrCorrupt, "no bytes"},
		{"html", []byte("<!DOCTYPE html>"), ErrCorrupt, `begins with "<!DOCTYP"`},
		{"one byte", []byte{0xff}, ErrCorrupt, "not a picture"},
		{"bmp", []byte("BM      "), ErrUnsupported, "bmp"},
		{"cut jpeg", good[:len(good)/2], ErrCorrupt, "jpeg"},
		{"jpeg magic only", good[:3], ErrCorrupt, "jpeg header"},
		{"bit-flipped png", broken, ErrCorrupt, "png"},
		{"huge", hugePNG(), ErrLimit, "65535x65535"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decodeOne(tt.data, 8, 3, 1<<20)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}

func TestJPEGCutAnywhereIsBadAndNeverPanics(t *testing.T) {
	good := asJPEG(t, ramp(24, 17))
	// The last two bytes are the end mark, which decoders do not need.
	for n := range len(good) - 2 {
		if _, err := decodeOne(good[:n], 8, 3, 1<<20); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut at %d of %d: %v, want ErrCorrupt", n, len(good), err)
		}
	}
}

func TestPanickingDecoderMakesABadPicture(t *testing.T) {
	s := &Set{opts: Options{Size: 2, Width: 2, Channels: 3}, contents: &contents{decode: func([]byte) (picture, error) {
		// A palette index that its palette lacks: copying such a picture panics.
		m := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black})
		m.Pix[3] = 9
		return picture{w: 2, h: 2, pixels: func() (image.Image, error) { return m, nil }}, nil
	}}}
	err := s.decodeBytes(make([]byte, 12), nil, new(scratch))
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "decoder failed") {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

func TestGIFFrameIsPlacedOnItsScreen(t *testing.T) {
	frame := image.NewPaletted(image.Rect(2, 1, 4, 3), color.Palette{color.NRGBA{0, 0, 0, 255}, color.NRGBA{200, 0, 0, 255}})
	for i := range frame.Pix {
		frame.Pix[i] = 1
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 4, Height: 4}}); err != nil {
		t.Fatal(err)
	}
	got, err := decodeOne(b.Bytes(), 4, 3, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 4 {
		for x := range 4 {
			want := byte(255) // outside the frame: white
			if image.Pt(x, y).In(frame.Rect) {
				want = 0
			}
			if g := got[(y*4+x)*3+1]; g != want {
				t.Errorf("green at (%d, %d) is %d, want %d", x, y, g, want)
			}
		}
	}
}

// TestNoTIFFAndNoPaletteReachesImaging: imaging's scan indexes beyond the palette of a
// crafted TIFF (CVE-2023-36308). Here no TIFF is decoded, whatever its name, and a
// palette is gone before a picture is resized: an index beyond it is an error, or black.
func TestNoTIFFAndNoPaletteReachesImaging(t *testing.T) {
	for _, magic := range []string{"II*\x00", "MM\x00*"} {
		if _, err := decodeOne([]byte(magic+strings.Repeat("\x01", 100)), 4, 3, 1<<12); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%q: %v, want ErrUnsupported", magic, err)
		}
	}
	m := image.NewPaletted(image.Rect(0, 0, 9, 7), make(color.Palette, 256))
	for i := range m.Palette {
		m.Palette[i] = color.Gray{uint8(i)}
	}
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	// Two colours are left of 256, and the pixels stay.
	b := asPNG(t, m)
	i := bytes.Index(b, []byte("PLTE"))
	cut := append(bytes.Clone(b[:i-4]), 0, 0, 0, 6)
	cut = append(cut, b[i:i+10]...)
	cut = binary.BigEndian.AppendUint32(cut, crc32.ChecksumIEEE(b[i:i+10]))
	cut = append(cut, b[i+4+3*256+4:]...)
	got, err := decodeOne(cut, 4, 3, 1<<12)
	if err == nil && !bytes.Equal(got, make([]byte, len(got))) || err != nil && !errors.Is(err, ErrCorrupt) {
		t.Errorf("a PNG's index beyond its palette gives %v, %v", got, err)
	}
}
