package viz

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A chunk is one chunk of a PNG, taken apart by the test's own reader.
type chunk struct {
	kind string
	data []byte
}

// chunks takes a PNG apart and checks the signature and every checksum.
func chunks(t testing.TB, file []byte) (out []chunk) {
	t.Helper()
	if !bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")) {
		t.Fatalf("file begins with %q", file[:min(8, len(file))])
	}
	for rest := file[8:]; len(rest) > 0; {
		n := binary.BigEndian.Uint32(rest)
		body := rest[4 : 8+n]
		if got, want := binary.BigEndian.Uint32(rest[8+n:]), crc32.ChecksumIEEE(body); got != want {
			t.Fatalf("chunk %q: checksum %08x, want %08x", body[:4], got, want)
		}
		out = append(out, chunk{string(body[:4]), body[4:]})
		rest = rest[12+n:]
	}
	return out
}

func encode(t testing.TB, img image.Image, recipe []Text) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := EncodePNG(&buf, img, recipe); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// pngcheck runs the independent checker over a file, where it is installed.
func pngcheck(t *testing.T, file []byte) {
	t.Helper()
	program, err := exec.LookPath("pngcheck")
	if err != nil {
		t.Log("pngcheck is not installed: its check is left out")
		return
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "-q", path).CombinedOutput(); err != nil {
		t.Errorf("pngcheck: %v: %s", err, out)
	}
}

// TestPNGDecodesToItself has the standard library's decoder as its judge.
func TestPNGDecodesToItself(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 33, 17))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i * i)
	}
	premultiplied := image.NewRGBA(image.Rect(0, 0, 9, 4))
	for i := range 36 {
		premultiplied.SetRGBA(i%9, i/9, color.RGBA{uint8(i), 0, uint8(3 * i), uint8(7 * i)})
	}
	paletted := image.NewPaletted(image.Rect(3, 4, 8, 9), color.Palette{color.White, color.NRGBA{1, 2, 3, 255}})
	paletted.Pix[7] = 1
	text, err := Sheet(testTiles(12, 30, 30), SheetOptions{Title: "A sheet"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		img  image.Image
		want colorType
	}{
		"gray":               {gray, gray8},
		"gray part":          {gray.SubImage(image.Rect(5, 3, 20, 11)), gray8},
		"gray in RGBA":       {nrgba(gray), gray8},
		"one pixel":          {noise(1, 1, 1), rgba8},
		"one column":         {opaque(noise(2, 1, 50)), rgb8},
		"one row":            {opaque(noise(3, 50, 1)), rgb8},
		"noise":              {opaque(noise(4, 61, 37)), rgb8},
		"noise with alpha":   {noise(5, 61, 37), rgba8},
		"premultiplied":      {premultiplied, rgba8},
		"part":               {testTile(1, 40, 30).SubImage(image.Rect(7, 5, 31, 30)), rgb8},
		"16 bits":            {image.NewGray16(image.Rect(0, 0, 3, 2)), gray8},
		"paletted, moved":    {paletted, rgb8},
		"sheet":              {text, rgb8},
		"many bands, flat":   {image.NewNRGBA(image.Rect(0, 0, 700, 600)), rgba8},
		"many bands, noise":  {opaque(noise(6, 700, 600)), rgb8},
		"wider than a band":  {opaque(noise(7, 1<<16, 5)), rgb8},
		"many bands, smooth": {testTile(3, 600, 700), rgb8},
	} {
		t.Run(name, func(t *testing.T) {
			file := encode(t, c.img, nil)
			decoded, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			samePixels(t, name, decoded, c.img)
			if got := colorType(chunks(t, file)[0].data[9]); got != c.want {
				t.Errorf("colour type %d, want %d", got, c.want)
			}
			pngcheck(t, file)
		})
	}
}

func TestPNGUsesEveryFilter(t *testing.T) {
	// Bands of a drawing, of ramps each way, and of noise.
	img := opaque(noise(8, 64, 160))
	r := rand.New(rand.NewPCG(9, 0))
	for y := range 128 {
		for x := range 64 {
			v := color.NRGBA{128, 128, 128, 255}
			switch y / 32 {
			case 0: // sub: each row a ramp from anywhere
				v.R, v.G = uint8(5*x+77*y), uint8(3*x+91*y)
			case 1: // up: equal noisy rows
				v = img.NRGBAAt(x, 140)
			case 2: // paeth: a slope both ways
				v.R, v.B = uint8(4*x+5*y), uint8(2*x-7*y)
			case 3: // average: noise on a level, small
				v.R, v.G, v.B = 0, 0, 0
				v.R += uint8(120 + r.IntN(9))
				v.G += uint8(120 + r.IntN(9))
				v.B += uint8(120 + r.IntN(9))
			}
			img.SetNRGBA(x, y, v)
		}
	}
	var stream []byte
	for _, c := range chunks(t, encode(t, img, nil)) {
		if c.kind == "IDAT" {
			stream = append(stream, c.data...)
		}
	}
	z, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var used [filterCount]int
	for y := range 160 {
		used[rows[y*(1+3*64)]]++
	}
	for kind, n := range used {
		if n == 0 {
			t.Errorf("filter %d is never used: %v", kind, used)
		}
	}
	decoded, err := png.Decode(bytes.NewReader(encode(t, img, nil)))
	if err != nil {
		t.Fatal(err)
	}
	samePixels(t, "filters", decoded, img)
}

func TestPNGBytesDoNotDependOnProcessors(t *testing.T) {
	img := testTile(2, 900, 700)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want []byte
	for _, n := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(n)
		for range 2 { // the second with used tables
			got := encode(t, img, nil)
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%d processors: other bytes", n)
			}
		}
	}
}

// TestPNGsAreSmall compares with the standard library's best compression.
// On drawings that has a tenth more by its search alone, at ten times the
// time, and another tenth by choosing filters on every pixel; such files are
// small. On photographs neither gains anything.
func TestPNGsAreSmall(t *testing.T) {
	drawn, err := Sheet(testTiles(25, 64, 64), SheetOptions{GapPx: 2, Title: "A title", Captions: strings.Split("caption"+strings.Repeat(" caption", 24), " ")})
	if err != nil {
		t.Fatal(err)
	}
	photo := benchSheet().SubImage(image.Rect(0, 0, 320, 320))
	for name, c := range map[string]struct {
		img  image.Image
		most float64
	}{
		"drawn": {drawn, 1.3}, "photo": {photo, 1.02}} {
		var best bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&best, c.img); err != nil {
			t.Fatal(err)
		}
		if got := len(encode(t, c.img, nil)); float64(got) > c.most*float64(best.Len()) {
			t.Errorf("%s: %d bytes, want at most %g times %d", name, got, c.most, best.Len())
		} else {
			t.Logf("%s: %d bytes, %.3f times those of the standard library", name, got, float64(got)/float64(best.Len()))
		}
	}
}

// huge claims a size and holds no pixels.
type huge image.Point

func (huge) ColorModel() color.Model   { return color.GrayModel }
func (h huge) Bounds() image.Rectangle { return image.Rect(0, 0, h.X, h.Y) }
func (huge) At(int, int) color.Color   { return color.Gray{} }

func TestPNGRefuses(t *testing.T) {
	for want, img := range map[string]image.Image{
		"no image":                           nil,
		"image is 0x3, want 1 to 65536":      image.NewNRGBA(image.Rect(0, 0, 0, 3)),
		"image is 65537x1, want 1 to 65536":  huge{65537, 1},
		"image is 60000x60000, want 1 to 65": huge{60000, 60000},
	} {
		var buf bytes.Buffer
		wantError(t, want, EncodePNG(&buf, img, nil), want)
		if buf.Len() != 0 {
			t.Errorf("%s: %d bytes were written", want, buf.Len())
		}
	}
}

// failAfter fails once it has taken n bytes.
type failAfter struct{ n int }

var errFull = errors.New("disk is full")

func (f *failAfter) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestPNGReportsAFullDisk(t *testing.T) {
	img := opaque(noise(1, 90, 90))
	whole := len(encode(t, img, nil))
	for n := 0; n < whole; n += 97 {
		if err := EncodePNG(&failAfter{n}, img, nil); !errors.Is(err, errFull) {
			t.Errorf("full after %d bytes: error %v", n, err)
		}
	}
	if err := EncodePNG(&failAfter{whole}, img, nil); err != nil {
		t.Errorf("room for all %d bytes: error %v", whole, err)
	}
}

func ExampleEncodePNG() {
	sheet, err := Sheet(testTiles(9, 28, 28), SheetOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := EncodePNG(&file, sheet, Recipe([]byte(`{"command":"sample","seed":1}`))); err != nil {
		fmt.Println(err)
		return
	}
	recipe, err := ReadRecipe(&file)
	fmt.Println(string(recipe), err)
	// Output: {"command":"sample","seed":1} <nil>
}

// benchSheet is like the picture of torchvision's usual benchmark: 32x32
// tiles of 64 pixels, each of soft blobs with some noise.
func benchSheet() *image.RGBA {
	const side, tile = 2048, 64
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range 32 * 32 {
		base, slope := [3]float64{}, [3][2]float64{}
		for k := range 3 {
			base[k], slope[k] = 60+130*r.Float64(), [2]float64{2 * r.NormFloat64(), 2 * r.NormFloat64()}
		}
		for y := range tile {
			for x := range tile {
				var v [3]uint8
				for k := range 3 {
					v[k] = To8Bit(float32((base[k]+slope[k][0]*float64(x-32)+slope[k][1]*float64(y-32)+6*r.NormFloat64())/127.5 - 1))
				}
				img.SetRGBA(i%32*tile+x, i/32*tile+y, color.RGBA{v[0], v[1], v[2], 255})
			}
		}
	}
	return img
}

func BenchmarkEncodePNG(b *testing.B) {
	text, err := Sheet(testTiles(100, 64, 64), SheetOptions{GapPx: 2, Title: "A title", Captions: make([]string, 100)})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		img   image.Image
		tiles float64
	}{{"sheet=32x32", benchSheet(), 1024}, {"sheet=10x10,drawn", text, 100}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var size countWriter
			for b.Loop() {
				size = 0
				if err := EncodePNG(&size, c.img, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(c.tiles*float64(b.N)/b.Elapsed().Seconds(), "images/s")
			b.ReportMetric(float64(size), "file-bytes")
		})
	}
}

type countWriter int

func (c *countWriter) Write(p []byte) (int, error) {
	*c += countWriter(len(p))
	return len(p), nil
}
