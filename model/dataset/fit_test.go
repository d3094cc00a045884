package dataset

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

func TestPictureOfTheRightSizeIsUnchanged(t *testing.T) {
	m := ramp(6, 6)
	for name, b := range map[string][]byte{"png": asPNG(t, m)} {
		got, err := decodeOne(b, 6, 3, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 6 {
			for x := range 6 {
				c := m.NRGBAAt(x, y)
				if px := got[(y*6+x)*3:][:3]; !bytes.Equal(px, []byte{c.R, c.G, c.B}) {
					t.Errorf("%s (%d, %d): got %v, want %v", name, x, y, px, c)
				}
			}
		}
	}
}

func TestCentreCrop(t *testing.T) {
	for _, tt := range []struct{ w, h, x0, y0 int }{{9, 5, 2, 0}, {5, 9, 0, 2}, {8, 5, 1, 0}, {5, 8, 0, 1}, {5, 5, 0, 0}} {
		m := ramp(tt.w, tt.h)
		got, err := decodeOne(asPNG(t, m), 5, 3, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 5 {
			for x := range 5 {
				c := m.NRGBAAt(tt.x0+x, tt.y0+y)
				if px := got[(y*5+x)*3:][:3]; !bytes.Equal(px, []byte{c.R, c.G, c.B}) {
					t.Errorf("%dx%d at (%d, %d): got %v, want %v", tt.w, tt.h, x, y, px, c)
				}
			}
		}
	}
}

// TestCropToAnAspect holds that a picture that needs no resizing loses the borders only,
// whichever way the camera was held.
func TestCropToAnAspect(t *testing.T) {
	// A picture of 8x6 pixels, and what of it a width of 4 and a height of 6 leaves.
	scene := ramp(8, 6)
	for orient := 1; orient <= 8; orient++ {
		lies := image.Image(scene)
		if orient > 1 {
			inverse := orient
			if orient == 6 || orient == 8 { // these two undo each other
				inverse = 14 - orient
			}
			lies = turns[inverse](scene)
		}
		p := picture{w: lies.Bounds().Dx(), h: lies.Bounds().Dy(), orient: orient}
		got := make([]byte, 4*6*3)
		fit(got, p, lies, pixels{4, 6}, 3, new(scratch))
		for y := range 6 {
			for x := range 4 {
				c := scene.NRGBAAt(2+x, y)
				if px := got[(y*4+x)*3:][:3]; !bytes.Equal(px, []byte{c.R, c.G, c.B}) {
					t.Errorf("orientation %d at (%d, %d): got %v, want %v", orient, x, y, px, c)
				}
			}
		}
	}
	for _, c := range []struct {
		w, h     int
		to, part pixels
	}{{100, 100, pixels{128, 96}, pixels{100, 75}}, {300, 100, pixels{128, 96}, pixels{133, 100}}, {1, 1000, pixels{3, 8}, pixels{1, 2}}} {
		if part, at := c.to.crop(c.w, c.h); part != c.part || at.X != (c.w-part.w)/2 || at.Y != (c.h-part.h)/2 {
			t.Errorf("%v of %dx%d: %v at %v, want %v in the middle", c.to, c.w, c.h, part, at, c.part)
		}
	}
}

func TestResizeKeepsAFlatPictureFlat(t *testing.T) {
	for _, size := range []int{1, 3, 7, 16, 40} {
		got, err := decodeOne(asPNG(t, flat(11, 16, color.NRGBA{12, 200, 99, 255})), size, 3, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if want := []byte{12, 200, 99}[i%3]; v != want {
				t.Fatalf("size %d, value %d: got %d, want %d", size, i, v, want)
			}
		}
	}
}

func TestResizeKeepsOrientationOfAxes(t *testing.T) {
	// Left half black, right half white: the halves stay, and rows are alike.
	m := flat(20, 20, color.Black)
	for y := range 20 {
		for x := 10; x < 20; x++ {
			m.Set(x, y, color.White)
		}
	}
	got, err := decodeOne(asPNG(t, m), 6, 1, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 6 {
		row := got[y*6:][:6]
		if row[0] > 20 || row[5] < 235 || !bytes.Equal(row, got[:6]) {
			t.Errorf("row %d is %v, want dark to bright as row 0", y, row)
		}
	}
}

func TestGrayIsLuma(t *testing.T) {
	for _, c := range []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {77, 77, 77, 255}, {255, 255, 255, 255}} {
		got, err := decodeOne(asPNG(t, flat(3, 3, c)), 3, 1, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if want := color.GrayModel.Convert(c).(color.Gray).Y; got[4] != want {
			t.Errorf("%v: got %d, want %d", c, got[4], want)
		}
	}
}

func TestGrayPictureInColourHasEqualChannels(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 2, 2))
	copy(m.Pix, []byte{0, 1, 128, 255})
	got, err := decodeOne(asPNG(t, m), 2, 3, 1<<20)
	if want := []byte{0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestTransparencyIsLaidOnWhite(t *testing.T) {
	got, err := decodeOne(asPNG(t, flat(2, 2, color.NRGBA{200, 100, 0, 0})), 2, 3, 1<<20)
	if err != nil || !bytes.Equal(got, bytes.Repeat([]byte{255}, 12)) {
		t.Errorf("clear picture gives %v, %v, want white", got, err)
	}
	got, err = decodeOne(asPNG(t, flat(2, 2, color.NRGBA{255, 0, 0, 128})), 2, 3, 1<<20)
	// Half of red over white, to the rounding of 16-bit alpha.
	if err != nil || got[0] != 255 || got[1] < 126 || got[1] > 128 {
		t.Errorf("half clear red gives %v, %v, want about 255 127 127", got[:3], err)
	}
}

func TestScratchDoesNotLeakFromPictureToPicture(t *testing.T) {
	big, small := asPNG(t, ramp(30, 30)), asPNG(t, flat(4, 4, color.NRGBA{1, 2, 3, 0}))
	s := &Set{opts: Options{Size: 4, Width: 4, Channels: 3}, contents: &contents{
		decode: func(b []byte) (picture, error) { return openPicture(b, 1<<20) },
	}}
	w := new(scratch)
	dst := make([]byte, 48)
	for _, b := range [][]byte{big, small} {
		if err := s.decodeBytes(dst, b, w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(dst, bytes.Repeat([]byte{255}, 48)) {
		t.Errorf("got %v, want white", dst)
	}
}

func TestLargePicturesDecodeOneAfterTheOther(t *testing.T) {
	b := rawJPEG(4000, 3400, true, "\x11", 0, "")
	if p, err := openPicture(b, 64<<20); err != nil || p.taken <= largeDecode {
		t.Fatalf("%d bytes, %v: not large", p.taken, err)
	}
	s := mustOpen(t, write(t, []file{{"1.png", b}, {"2.png", b}, {"3.png", b}}), Options{Size: 8, Channels: 1, Workers: 3})
	if got := load(t, s, 0, 1, 2); !bytes.Equal(got, bytes.Repeat([]byte{128}, 3*64)) {
		t.Errorf("got %v, want 128 everywhere", got)
	}
}
