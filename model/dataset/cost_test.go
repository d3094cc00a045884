package dataset

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"runtime"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"dcganviz/internal/hostile"
)

// rawPNG is a black picture of any kind, interlaced or not, and with any chunk between.
func rawPNG(t testing.TB, w, h int, depth, colour, interlaced byte, between []byte) []byte {
	t.Helper()
	channels := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
	rows := func(w, h int) int {
		if w < 1 || h < 1 {
			return 0
		}
		return h * (1 + (w*channels*int(depth)+7)/8)
	}
	n := rows(w, h)
	if interlaced == 1 {
		n = 0
		for _, p := range [][4]int{{8, 8, 0, 0}, {8, 8, 4, 0}, {4, 8, 0, 4}, {4, 4, 2, 0}, {2, 4, 0, 2}, {2, 2, 1, 0}, {1, 2, 0, 1}} {
			n += rows((w-p[2]+p[0]-1)/p[0], (h-p[3]+p[1]-1)/p[1])
		}
	}
	var idat bytes.Buffer
	z := zlib.NewWriter(&idat)
	z.Write(make([]byte, n))
	z.Close()
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	b := pngChunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", append(ihdr, depth, colour, 0, 0, interlaced))
	if colour == 3 {
		b = pngChunk(b, "PLTE", make([]byte, 3))
	}
	b = append(b, between...)
	return pngChunk(pngChunk(b, "IDAT", idat.Bytes()), "IEND", nil)
}

func pngChunk(b []byte, kind string, data []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	data = append([]byte(kind), data...)
	return binary.BigEndian.AppendUint32(append(b, data...), crc32.ChecksumIEEE(data))
}

// rawJPEG is a gray picture with as many components as sampling has bytes. A progressive
// one has a scan of the means and then AC scans, each for one component and over in a few
// bytes, whatever stands between.
func rawJPEG(w, h int, progressive bool, sampling string, scans int, between string) []byte {
	b := []byte("\xff\xd8")
	segment := func(marker byte, body ...byte) {
		b = binary.BigEndian.AppendUint16(append(b, 0xff, marker), uint16(2+len(body)))
		b = append(b, body...)
	}
	if len(sampling) == 4 {
		segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02")...)
	}
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
	sof := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(len(sampling))}
	sos := []byte{byte(len(sampling))}
	blocks, across, down := 0, 1, 1
	for i := range sampling {
		sof = append(sof, byte(i+1), sampling[i], 0)
		sos = append(sos, byte(i+1), 0)
		x, y := int(sampling[i]>>4), int(sampling[i]&15)
		blocks, across, down = blocks+x*y, max(across, x), max(down, y)
	}
	if len(sampling) == 1 {
		blocks, across, down = 1, 1, 1
	}
	blocks *= (w + 8*across - 1) / (8 * across) * ((h + 8*down - 1) / (8 * down))
	marker := byte(0xc0)
	if progressive {
		marker = markerSOF2
	}
	segment(marker, sof...)
	segment(0xc4, append([]byte{0x00, 1}, make([]byte, 16)...)...)                        // DC: "0" is no difference
	segment(0xc4, append(append([]byte{0x10, 1, 1}, make([]byte, 14)...), 0x00, 0xe0)...) // AC: "0" is the block's end, "10" that of 2^14 blocks or more
	if progressive {
		segment(markerSOS, append(sos, 0, 0, 0)...)
		b = append(b, make([]byte, (blocks+7)/8)...)
	} else {
		segment(markerSOS, append(sos, 0, 63, 0)...)
		b = append(b, make([]byte, (2*blocks+7)/8)...)
	}
	for i := range scans {
		b = append(b, between...)
		segment(markerSOS, 1, byte(i%len(sampling)+1), 0, 1, 63, 0)
		for n := blocks; n > 0; n -= 1<<15 - 1 {
			b = append(b, 0xbf, 0xff, 0x00, 0xff, 0x00) // "10", 14 ones: 2^15-1 blocks, and some that are over
		}
	}
	return append(b, 0xff, 0xd9)
}

func TestDecodersTakeWhatIsCountedForThem(t *testing.T) {
	const w, h = 500, 401
	trns := pngChunk(nil, "tRNS", make([]byte, 2))
	trns3 := pngChunk(nil, "tRNS", make([]byte, 6))
	pictures := map[string][]byte{
		"gif": asGIF(t, flat(w, h, color.White)),
	}
	for name, p := range map[string]struct {
		depth, colour byte
		between       []byte
	}{
		"gray 1": {1, 0, nil}, "gray 8": {8, 0, nil}, "gray 16": {16, 0, nil}, "gray 8 clear": {8, 0, trns}, "gray 16 clear": {16, 0, trns},
		"RGB": {8, 2, nil}, "RGB 16": {16, 2, nil}, "RGB clear": {8, 2, trns3}, "RGB 16 clear": {16, 2, trns3}, "palette": {8, 3, nil}, "palette 2": {2, 3, nil},
		"GA": {8, 4, nil}, "GA 16": {16, 4, nil}, "RGBA": {8, 6, nil}, "RGBA 16": {16, 6, nil},
	} {
		pictures["png "+name] = rawPNG(t, w, h, p.depth, p.colour, 0, p.between)
		pictures["png interlaced "+name] = rawPNG(t, w, h, p.depth, p.colour, 1, p.between)
	}
	rgb := "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
	for name, sampling := range map[string]string{"gray": "\x11", "gray by 2": "\x22", "420": "\x22\x11\x11", "444": "\x11\x11\x11", "410": "\x42\x11\x11", "CMYK": "\x11\x11\x11\x11"} {
		pictures["jpeg "+name] = rawJPEG(w, h, false, sampling, 0, "")
		pictures["jpeg progressive "+name] = rawJPEG(w, h, true, sampling, 3, "")
		pictures["jpeg late RGB "+name] = rawJPEG(w, h, true, sampling, 1, rgb)
	}
	for name, b := range pictures {
		p, err := openPicture(b, 1<<20)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var m image.Image
		got := int64(hostile.Allocated(func() { m, err = p.pixels() }))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Beside the pixels: the decoder itself, which grows with no picture, and rows.
		if most := p.taken + 200<<10; got > most || 2*got < p.taken && p.taken > 1<<20 {
			t.Errorf("%s: a %T took %d bytes, counted were %d", name, m, got, p.taken)
		}
	}
}

func TestPictureOfTooMuchMemoryIsBad(t *testing.T) {
	for name, p := range map[string]struct {
		b    []byte
		good bool
	}{
		"png":              {rawPNG(t, 8192, 1, 8, 6, 0, nil), true},
		"png 16":           {rawPNG(t, 8192, 1, 16, 6, 0, nil), false},
		"png interlaced":   {rawPNG(t, 8192, 1, 8, 2, 1, nil), false},
		"gif":              {asGIF(t, flat(8192, 1, color.White)), true},
		"jpeg":             {rawJPEG(8192, 1, false, "\x11\x11\x11", 0, ""), true},
		"jpeg CMYK":        {rawJPEG(8192, 1, false, "\x11\x11\x11\x11", 0, ""), false},
		"progressive 420":  {rawJPEG(8192, 1, true, "\x22\x11\x11", 0, ""), true},
		"progressive 444":  {rawJPEG(8192, 1, true, "\x11\x11\x11", 0, ""), false},
		"progressive gray": {rawJPEG(8192, 1, true, "\x11", 0, ""), true},
	} {
		// The header alone says 8192x8192.
		b := bytes.Clone(p.b)
		switch b[0] {
		case 0x89:
			binary.BigEndian.PutUint32(b[20:], 8192)
			b = append(pngChunk(b[:8:8], "IHDR", b[16:29]), b[33:]...)
		case 'G':
			b[8], b[9] = 0, 0x20
		default:
			i := bytes.Index(b, []byte{8, 0, 1, 0x20})
			b[i+1], b[i+2] = 0x20, 0
		}
		opened, err := openPicture(b, 64<<20)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if opened.h != 8192 {
			t.Fatalf("%s is %d high", name, opened.h)
		}
		if fits := int64(len(b))+max(opened.taken, opened.kept+fitBytes(opened, pixels{64, 64})) <= maxDecode; fits != p.good {
			t.Errorf("%s: counted %d MB, taken %t, want %t", name, opened.taken>>20, fits, p.good)
		}
		if p.good {
			continue
		}
		got := hostile.Allocated(func() { _, err = decodeOne(b, 64, 3, 64<<20) })
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "8192x8192 pixels take") || got > 1<<20 {
			t.Errorf("%s: %v after %d bytes, want ErrLimit at once", name, err, got)
		}
	}
}

// TestLargePictureTakesItsPixelsOnly: neither its square nor what was left of the one before.
func TestLargePictureTakesItsPixelsOnly(t *testing.T) {
	b := rawJPEG(4000, 3400, true, "\x11", 0, "")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 2 {
		if _, err := decodeOne(b, 64, 3, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if got, most := after.HeapSys-before.HeapSys, uint64(5*4000*3400+32<<20); got > most && after.HeapSys > before.HeapSys {
		t.Errorf("the heap grew by %d bytes, want at most %d", got, most)
	}
}

func TestFitTakesWhatIsCountedForIt(t *testing.T) {
	for _, c := range []struct{ w, h, size, channels int }{{1, 1, 1, 1}, {900, 700, 64, 3}, {700, 900, 1000, 1}, {64, 64, 64, 3}, {2100, 2100, 128, 3}} {
		m := image.NewGray(image.Rect(0, 0, c.w, c.h))
		p := picture{w: c.w, h: c.h, orient: 6}
		dst := make([]byte, c.size*c.size*c.channels)
		got := int64(hostile.Allocated(func() { fit(dst, p, m, pixels{c.size, c.size}, c.channels, new(scratch)) }))
		if most := fitBytes(p, pixels{c.size, c.size}) + 64<<10; got > most {
			t.Errorf("%+v: %d bytes, counted were %d", c, got, most)
		}
	}
}

func TestStripsMakeTheSamePicture(t *testing.T) {
	for _, side := range [][2]int{{2300, 2100}, {2050, 2050}, {2048, 2049}, {2400, 2500}} {
		m := ramp(side[0], side[1])
		size, least := pixels{50, 50}, min(side[0], side[1])
		crop := [2]int{least, least}
		if side[0] == 2400 {
			size, crop = pixels{96, 72}, [2]int{2400, 1800}
		}
		p := picture{w: side[0], h: side[1], orient: 1}
		got := new(scratch).resize(m, p, size)
		want := imaging.Resize(imaging.CropCenter(m, crop[0], crop[1]), size.w, size.h, imaging.Lanczos)
		if !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%v: strips differ from the whole", side)
		}
	}
}

func TestJPEGOfTooManyScansIsBad(t *testing.T) {
	for _, c := range []struct {
		w, h, scans int
		between     string
		bad         bool
	}{
		{64, 64, maxScans - 1, "", false},
		{64, 64, maxScans, "", true},
		{64, 64, maxScans, "\xff\xff\xff", true},                                    // fill bytes
		{64, 64, maxScans, "\xff\xfe\x00\x04\xff\xd9", true},                        // what looks like the end
		{64, 64, maxScans, "\xff\xd0\xff\x00rubbish", true},                         // a pause, data, rubbish
		{64, 64, 3, strings.Repeat("\xff\xfe\x00\x06\xff\xda\x00\x02", 400), false}, // what looks like a scan
		{8192, 8192, 31, "", false},
		{8192, 8192, 32, "", true},
	} {
		b := rawJPEG(c.w, c.h, true, "\x11", c.scans, c.between)
		p, err := openPicture(b, 64<<20)
		if !c.bad {
			if err == nil && c.w < 1000 {
				_, err = p.pixels()
			}
			if err != nil {
				t.Errorf("%d scans of %dx%d: %v", c.scans, c.w, c.h, err)
			}
		} else if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "scans") {
			t.Errorf("%d scans of %dx%d: %v, want ErrLimit", c.scans, c.w, c.h, err)
		}
	}
	// A thumbnail, and what a telephone appends, are not the picture's.
	whole := asJPEG(t, ramp(16, 16))
	many := bytes.Repeat([]byte("\xff\xda\x00\x02"), 2000)
	if _, err := decodeOne(append(bytes.Clone(whole), many...), 8, 3, 1<<20); err != nil {
		t.Errorf("after the end: %v", err)
	}
}
