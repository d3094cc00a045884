package viz

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math"
	"slices"
	"testing"

	"dcganviz/internal/golden"
)

// playGIF decodes an animation and gives its frames as shown.
func playGIF(t testing.TB, file []byte) (*gif.GIF, []*image.RGBA) {
	t.Helper()
	g, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	canvas := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	var shown []*image.RGBA
	for _, frame := range g.Image {
		draw.Draw(canvas, frame.Rect, frame, frame.Rect.Min, draw.Over)
		c := *canvas
		c.Pix = bytes.Clone(canvas.Pix)
		shown = append(shown, &c)
	}
	return g, shown
}

func encodeGIFs(t testing.TB, frames []image.Image, o AnimationOptions) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := EncodeGIF(&buf, frames, o); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestGIFOfFewColoursIsExact(t *testing.T) {
	gray := image.NewGray(image.Rect(2, 2, 18, 18)) // all 256 greys
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i)
	}
	one := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	one.SetNRGBA(0, 0, color.NRGBA{1, 2, 3, 255})
	var flags []image.Image
	for i := range 4 {
		flag := image.NewRGBA(image.Rect(0, 0, 31, 9))
		draw.Draw(flag, flag.Rect, image.NewUniform(Swatch(0)), image.Point{}, draw.Src)
		draw.Draw(flag, image.Rect(4*i, 2, 4*i+5, 6), image.NewUniform(Swatch(i)), image.Point{}, draw.Src)
		flags = append(flags, flag)
	}
	for name, frames := range map[string][]image.Image{"greys": {gray}, "one pixel": {one, one}, "flags": flags} {
		_, shown := playGIF(t, encodeGIFs(t, frames, AnimationOptions{}))
		if len(shown) != len(frames) {
			t.Fatalf("%s: %d frames, want %d", name, len(shown), len(frames))
		}
		for i, frame := range frames {
			samePixels(t, fmt.Sprint(name, ", frame ", i), shown[i], frame)
		}
	}
}

func TestGIFTimes(t *testing.T) {
	frames := walkFrames()[:2]
	for _, c := range []struct {
		num, den, loops int
		delays          []int
		count           int // as Go's decoder gives it
	}{
		{0, 0, 0, []int{10, 10}, 0},
		{1, 24, 1, []int{4, 4}, -1},  // 4.17
		{1, 40, 2, []int{3, 2}, 1},   // 2.5: five in all
		{1, 1000, 5, []int{2, 2}, 4}, // never below two
		{0, 1, 0, []int{2, 2}, 0},
		{3, 2, 65535, []int{150, 150}, 65534},
	} {
		g, _ := playGIF(t, encodeGIFs(t, frames, AnimationOptions{DelayNum: c.num, DelayDen: c.den, Loops: c.loops}))
		if !slices.Equal(g.Delay, c.delays) || g.LoopCount != c.count {
			t.Errorf("%v: delays %v, count %d", c, g.Delay, g.LoopCount)
		}
	}
}

func TestGIFStoresWhatChanged(t *testing.T) {
	frames := []image.Image{testTile(0, 50, 40), testTile(0, 50, 40), testTile(0, 50, 40)}
	frames[2].(*image.NRGBA).SetNRGBA(20, 30, color.NRGBA{255, 0, 255, 255})
	g, _ := playGIF(t, encodeGIFs(t, frames, AnimationOptions{}))
	want := []image.Rectangle{image.Rect(0, 0, 50, 40), image.Rect(0, 0, 1, 1), image.Rect(20, 30, 21, 31)}
	for i, r := range want {
		if g.Image[i].Rect != r {
			t.Errorf("frame %d covers %v, want %v", i, g.Image[i].Rect, r)
		}
	}
}

func TestGIFLaysAlphaOnWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.SetNRGBA(1, 0, color.NRGBA{0, 0, 0, 51})
	_, shown := playGIF(t, encodeGIFs(t, []image.Image{img}, AnimationOptions{}))
	if a, b := shown[0].RGBAAt(0, 0), shown[0].RGBAAt(1, 0); a != (color.RGBA{255, 255, 255, 255}) || b != (color.RGBA{204, 204, 204, 255}) {
		t.Errorf("got %v and %v, want white and a light grey", a, b)
	}
}

// rootMeanSquare is the error of a picture per colour value.
func rootMeanSquare(got, want image.Image) float64 {
	a, b := nrgba(got), nrgba(want)
	sum := 0.0
	for i := range a.Pix {
		d := float64(a.Pix[i]) - float64(b.Pix[i])
		sum += d * d
	}
	return math.Sqrt(sum / float64(len(a.Pix)*3/4))
}

// manyColours is a picture of smooth colours with a small strong spot.
func manyColours() *image.NRGBA {
	img := testTile(2, 120, 90)
	draw.Draw(img, image.Rect(3, 3, 7, 7), image.NewUniform(color.NRGBA{255, 0, 255, 255}), image.Point{}, draw.Src)
	return img
}

func TestGIFPaletteIsGood(t *testing.T) {
	img := manyColours()
	file := encodeGIFs(t, []image.Image{img}, AnimationOptions{})
	_, shown := playGIF(t, file)
	// The picture has thousands of colours. A fixed palette of 6x7x6 levels
	// makes an error of about 13 on it; 4 is what 256 good colours reach.
	if e := rootMeanSquare(shown[0], img); !(e <= 4) {
		t.Errorf("error %.2f, want at most 4", e)
	}
	if c := shown[0].RGBAAt(5, 5); int(c.R) < 240 || c.G > 15 || int(c.B) < 240 {
		t.Errorf("the spot is %v, want about its magenta", c)
	}
	if again := encodeGIFs(t, []image.Image{img}, AnimationOptions{}); !bytes.Equal(again, file) {
		t.Error("the second time gives other bytes")
	}
}

func TestNearestIsTheNearest(t *testing.T) {
	p := newPalette([]*image.RGBA{flatten(noiseRGBA(5, 90, 90))})
	if len(p.colors) != paletteSize {
		t.Fatalf("%d colours, want %d", len(p.colors), paletteSize)
	}
	for i := range 4096 {
		c := [3]int{i & 15 * 17, i >> 4 & 15 * 17, i >> 8 * 17}
		best, want := math.MaxInt, 0
		for k, v := range p.colors {
			v := v.(color.RGBA)
			dr, dg, db := int(v.R)-c[0], int(v.G)-c[1], int(v.B)-c[2]
			if d := 3*dr*dr + 6*dg*dg + db*db; d < best {
				best, want = d, k
			}
		}
		if got := p.nearest(c); got != want {
			t.Fatalf("nearest(%v) = %d %v, want %d %v", c, got, p.colors[got], want, p.colors[want])
		}
	}
}

func noiseRGBA(seed uint64, w, h int) image.Image { return opaque(noise(seed, w, h)) }

func TestGIFGolden(t *testing.T) {
	_, shown := playGIF(t, encodeGIFs(t, []image.Image{testTile(1, 120, 90), manyColours()}, AnimationOptions{}))
	golden.Check(t, shown[1])
}

func ExampleEncodeGIF() {
	var file bytes.Buffer
	if err := EncodeGIF(&file, testTiles(8, 64, 64), AnimationOptions{DelayNum: 1, DelayDen: 20}); err != nil {
		fmt.Println(err)
		return
	}
	g, err := gif.DecodeAll(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(g.Image), "frames of", g.Delay[0], "hundredths of a second")
	// Output: 8 frames of 5 hundredths of a second
}

func BenchmarkEncodeGIF(b *testing.B) {
	frames := testTiles(48, 128, 128)
	b.ReportAllocs()
	for b.Loop() {
		if err := EncodeGIF(&bytes.Buffer{}, frames, AnimationOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(48*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}

// TestGIFLastsAsLongAsItShould adds up the delays for each rate.
func TestGIFLastsAsLongAsItShould(t *testing.T) {
	for fps := 1; fps <= 60; fps++ {
		for _, n := range []int{1, 2, 7, 60} {
			delays := gifDelays(n, 1, fps)
			total, shown := 0, 0
			for i, d := range delays {
				total += d
				if d > 0 {
					shown++
				}
				if d == 1 || d < 0 || d > (100+fps-1)/fps+2 || i == 0 && d == 0 {
					t.Errorf("%d frames at %d a second: delay %d of frame %d", n, fps, d, i)
				}
			}
			if want := max(float64(2*min(n, 2)), 100*float64(n)/float64(fps)); math.Abs(float64(total)-want) > 0.5 {
				t.Errorf("%d frames at %d a second: %d hundredths, want %g", n, fps, total, want)
			}
			if fps <= 50 && shown != n {
				t.Errorf("%d frames at %d a second: %d shown", n, fps, shown)
			}
		}
	}
	frames := make([]image.Image, 60)
	for i := range frames {
		m := image.NewGray(image.Rect(0, 0, 3, 3))
		m.Pix[0] = uint8(i)
		frames[i] = m
	}
	g, _ := playGIF(t, encodeGIFs(t, frames, AnimationOptions{DelayNum: 1, DelayDen: 40}))
	total := 0
	for _, d := range g.Delay {
		total += d
	}
	if total != 150 || len(g.Image) != 60 {
		t.Errorf("60 frames at 40 a second: %d frames, %d hundredths, want 60 and 150", len(g.Image), total)
	}
}
