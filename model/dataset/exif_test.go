package dataset

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"testing"
)

// withOrientation inserts an EXIF segment after a JPEG's start mark.
func withOrientation(jpeg []byte, order binary.AppendByteOrder, value uint16) []byte {
	tiff := []byte("MM\x00*")
	if order == binary.LittleEndian {
		tiff = []byte("II*\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	for _, field := range [][2]uint16{{0x010f, 7}, {0x0112, value}} {
		tiff = order.AppendUint16(tiff, field[0])
		tiff = order.AppendUint16(tiff, 3)
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(tiff, field[1])
		tiff = order.AppendUint16(tiff, 0)
	}
	tiff = order.AppendUint32(tiff, 0)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(8+len(tiff)))
	seg = append(append(seg, "Exif\x00\x00"...), tiff...)
	return bytes.Join([][]byte{jpeg[:2], seg, jpeg[2:]}, nil)
}

func TestOrientationIsFoundInEitherByteOrder(t *testing.T) {
	plain := asJPEG(t, ramp(16, 16))
	if got := orientation(plain); got != 1 {
		t.Errorf("without EXIF: %d, want 1", got)
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for v := range uint16(12) {
			want := int(v)
			if v < 1 || v > 8 {
				want = 1
			}
			if got := orientation(withOrientation(plain, order, v)); got != want {
				t.Errorf("%v %d: got %d, want %d", order, v, got, want)
			}
		}
	}
}

func TestOrientationOfCutFileIsUprightOrRight(t *testing.T) {
	whole := withOrientation(asJPEG(t, ramp(16, 16)), binary.BigEndian, 6)
	for n := range whole {
		if got := orientation(whole[:n]); got != 1 && got != 6 {
			t.Fatalf("cut at %d: %d", n, got)
		}
	}
}

func TestUprightUndoesTheCamera(t *testing.T) {
	const w, h = 5, 5
	scene := ramp(w, h)
	// seen[o] gives, for a pixel of the stored picture, the pixel of the scene
	// that it shows: the first row and column of EXIF's table of orientations.
	seen := map[int]func(x, y int) image.Point{
		1: func(x, y int) image.Point { return image.Pt(x, y) },
		2: func(x, y int) image.Point { return image.Pt(w-1-x, y) },
		3: func(x, y int) image.Point { return image.Pt(w-1-x, h-1-y) },
		4: func(x, y int) image.Point { return image.Pt(x, h-1-y) },
		5: func(x, y int) image.Point { return image.Pt(y, x) },
		6: func(x, y int) image.Point { return image.Pt(w-1-y, x) },
		7: func(x, y int) image.Point { return image.Pt(w-1-y, h-1-x) },
		8: func(x, y int) image.Point { return image.Pt(y, h-1-x) },
	}
	for o, at := range seen {
		stored := image.NewNRGBA(scene.Rect)
		for y := range h {
			for x := range w {
				p := at(x, y)
				stored.SetNRGBA(x, y, scene.NRGBAAt(p.X, p.Y))
			}
		}
		if got := upright(stored, o); !bytes.Equal(got.Pix, scene.Pix) {
			t.Errorf("orientation %d is not undone", o)
		}
	}
}

func TestLoadedPhotographIsUpright(t *testing.T) {
	plain := asJPEG(t, ramp(16, 16))
	want, err := decodeOne(plain, 16, 3, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeOne(withOrientation(plain, binary.BigEndian, 3), 16, 3, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 256 {
		if !bytes.Equal(got[3*i:3*i+3], want[3*(255-i):3*(255-i)+3]) {
			t.Fatalf("pixel %d is not that of the picture turned by half", i)
		}
	}
}

// withExif inserts an eXIf chunk of an orientation behind a PNG's header.
func withExif(png []byte, value uint16) []byte {
	jpeg := withOrientation([]byte{0xff, 0xd8}, binary.BigEndian, value)
	tiff := jpeg[2+4+6:]
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(tiff)))
	chunk = append(append(chunk, "eXIf"...), tiff...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	const header = 8 + 12 + 13
	return bytes.Join([][]byte{png[:header], chunk, png[header:]}, nil)
}

// TestPNGIsTurnedAsAJPEGIs opens a square PNG with each orientation, and the pixels turned by the
// same rule as a JPEG's.
func TestPNGIsTurnedAsAJPEGIs(t *testing.T) {
	m := ramp(6, 6)
	plain := asPNG(t, m)
	for value := range uint16(10) {
		b := withExif(plain, value)
		orient := max(1, int(value)%9)
		if got := orientation(b); got != orient {
			t.Fatalf("orientation %d: read as %d", value, got)
		}
		want := load(t, mustOpen(t, write(t, []file{{"a.png", asPNG(t, upright(m, orient))}}), Options{Size: 6}), 0)
		if got := load(t, mustOpen(t, write(t, []file{{"a.png", b}}), Options{Size: 6, Strict: true}), 0); !bytes.Equal(got, want) {
			t.Errorf("orientation %d: pixels differ", value)
		}
	}
	whole := withExif(plain, 6)
	for n := range whole {
		if got := orientation(whole[:n]); got != 1 && got != 6 {
			t.Fatalf("cut at %d: %d", n, got)
		}
	}
}
