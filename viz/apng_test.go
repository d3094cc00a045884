package viz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// decodeAPNG plays an animation with the standard library's decoder: each
// frame's data is put into a PNG of its own. It gives the frames as shown.
func decodeAPNG(t *testing.T, file []byte) (frames []*image.NRGBA, delays [][2]int, loops int) {
	t.Helper()
	all := chunks(t, file)
	header := all[0].data
	var canvas *image.NRGBA
	var control, data []byte
	announced, sequence := 0, uint32(0)
	show := func() {
		if control == nil {
			return
		}
		at := func(i int) int { return int(binary.BigEndian.Uint32(control[4*i:])) }
		var one bytes.Buffer
		one.WriteString(pngSignature)
		one.WriteString(rawChunk("IHDR", string(control[4:12])+string(header[8:])))
		one.WriteString(rawChunk("IDAT", string(data)) + rawChunk("IEND", ""))
		img, err := png.Decode(&one)
		if err != nil {
			t.Fatalf("frame %d: %v", len(frames), err)
		}
		if canvas == nil {
			canvas = image.NewNRGBA(image.Rect(0, 0, at(1), at(2)))
		}
		r := image.Rect(at(3), at(4), at(3)+at(1), at(4)+at(2))
		if !r.In(canvas.Rect) || control[24] != 0 || control[25] != 0 {
			t.Fatalf("frame %d: rectangle %v, dispose %d, blend %d", len(frames), r, control[24], control[25])
		}
		draw.Draw(canvas, r, img, image.Point{}, draw.Src)
		frames = append(frames, nrgba(canvas))
		delays = append(delays, [2]int{int(binary.BigEndian.Uint16(control[20:])), int(binary.BigEndian.Uint16(control[22:]))})
		control, data = nil, nil
	}
	inOrder := func(d []byte) {
		if got := binary.BigEndian.Uint32(d); got != sequence {
			t.Fatalf("sequence number %d, want %d", got, sequence)
		}
		sequence++
	}
	for _, c := range all {
		switch c.kind {
		case "acTL":
			announced, loops = int(binary.BigEndian.Uint32(c.data)), int(binary.BigEndian.Uint32(c.data[4:]))
		case "fcTL":
			show()
			inOrder(c.data)
			control = c.data
		case "IDAT":
			if len(frames) > 0 {
				t.Fatal("IDAT after the first frame")
			}
			data = append(data, c.data...)
		case "fdAT":
			inOrder(c.data)
			data = append(data, c.data[4:]...)
		}
	}
	show()
	if len(frames) != announced {
		t.Fatalf("%d frames, %d announced", len(frames), announced)
	}
	return frames, delays, loops
}

// walkFrames is an animation in which little moves, with two equal frames.
func walkFrames() []image.Image {
	var frames []image.Image
	for i := range 5 {
		tile := testTile(0, 40, 30)
		draw.Draw(tile, image.Rect(5*i, 10, 5*i+8, 15), image.NewUniform(Swatch(i)), image.Point{}, draw.Src)
		frames = append(frames, tile)
	}
	return append(frames, frames[4], testTile(3, 40, 30))
}

func TestAPNGPlaysItsFrames(t *testing.T) {
	gray := image.NewGray(image.Rect(7, 7, 47, 37))
	big := []image.Image{opaque(noise(1, 600, 300)), opaque(noise(2, 600, 300))}
	for name, frames := range map[string][]image.Image{
		"one":                walkFrames()[:1],
		"walk":               walkFrames(),
		"gray and colour":    append([]image.Image{gray}, walkFrames()...),
		"gray":               {gray, gray},
		"alpha in the last":  append(walkFrames(), noise(3, 40, 30)),
		"one pixel":          {noise(1, 1, 1), noise(2, 1, 1)},
		"several bands each": big,
	} {
		t.Run(name, func(t *testing.T) {
			var buf bytes.Buffer
			recipe := Recipe([]byte(`{"command":"walk"}`))
			if err := EncodeAPNG(&buf, frames, AnimationOptions{DelayNum: 1, DelayDen: 24, Loops: 3, Recipe: recipe}); err != nil {
				t.Fatal(err)
			}
			shown, delays, loops := decodeAPNG(t, buf.Bytes())
			if len(shown) != len(frames) || loops != 3 {
				t.Fatalf("%d frames, %d loops; want %d and 3", len(shown), loops, len(frames))
			}
			for i, frame := range frames {
				samePixels(t, fmt.Sprint("frame ", i), shown[i], frame)
				if delays[i] != [2]int{1, 24} {
					t.Errorf("frame %d: delay %v, want 1/24", i, delays[i])
				}
			}
			// A reader that knows no animation sees the first frame.
			still, err := png.Decode(bytes.NewReader(buf.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			samePixels(t, "still", still, frames[0])
			if got, err := ReadRecipe(bytes.NewReader(buf.Bytes())); err != nil || string(got) != `{"command":"walk"}` {
				t.Errorf("recipe %q and %v", got, err)
			}
			pngcheck(t, buf.Bytes())
		})
	}
}

// TestAPNGInPillow asks a program that others use.
func TestAPNGInPillow(t *testing.T) {
	const script = `
import sys
from PIL import Image
a = Image.open(sys.argv[1])
assert a.n_frames == int(sys.argv[2]), a.n_frames
for i in range(a.n_frames):
    a.seek(i)
    want = Image.open(sys.argv[3] + "/%d.png" % i).convert("RGBA")
    assert a.convert("RGBA").tobytes() == want.tobytes(), "frame %d" % i
`
	python, err := exec.LookPath("/usr/bin/python3")
	if err != nil || exec.Command(python, "-c", "import PIL").Run() != nil {
		t.Skip("needs Python with Pillow, which is not installed")
	}
	dir := t.TempDir()
	frames := walkFrames()
	for i, frame := range frames {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.png", i)), encode(t, frame, nil), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var buf bytes.Buffer
	if err := EncodeAPNG(&buf, frames, AnimationOptions{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.png")
	if err := os.WriteFile(path, buf.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(python, "-c", script, path, fmt.Sprint(len(frames)), dir).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAnimationsRefuse(t *testing.T) {
	good := walkFrames()
	for want, c := range map[string]struct {
		frames []image.Image
		o      AnimationOptions
	}{
		"no frames, want at least one":            {nil, AnimationOptions{}},
		"frame 7 is 30x40, want 40x30 as":         {append(good[:7:7], testTile(0, 30, 40)), AnimationOptions{}},
		"frame 1: no image":                       {[]image.Image{good[0], nil}, AnimationOptions{}},
		"is 0x5, want 1 to":                       {[]image.Image{image.NewGray(image.Rect(0, 0, 0, 5))}, AnimationOptions{}},
		"delay 1/0 s":                             {good, AnimationOptions{DelayNum: 1}},
		"delay -1/10 s":                           {good, AnimationOptions{DelayNum: -1, DelayDen: 10}},
		"delay 65536/1 s, want 0 to 65535 over 1": {good, AnimationOptions{DelayNum: 65536, DelayDen: 1}},
		"-1 loops, want 0 to":                     {good, AnimationOptions{Loops: -1}},
	} {
		var buf bytes.Buffer
		wantError(t, want, EncodeAPNG(&buf, c.frames, c.o), want)
		wantError(t, want, EncodeGIF(&buf, c.frames, c.o), want)
		if buf.Len() != 0 {
			t.Errorf("%s: %d bytes were written", want, buf.Len())
		}
	}
	var buf bytes.Buffer
	wantError(t, "gif loops", EncodeGIF(&buf, good, AnimationOptions{Loops: 65537}), "65537 loops")
	wantError(t, "gif delay", EncodeGIF(&buf, good, AnimationOptions{DelayNum: 60000, DelayDen: 10}), "want at most 655.35 s")
	wantError(t, "apng recipe", EncodeAPNG(&buf, good, AnimationOptions{Recipe: Recipe([]byte("x"))}), "is not JSON")
	if err := EncodeAPNG(&failAfter{100}, good, AnimationOptions{}); !errors.Is(err, errFull) {
		t.Errorf("full disk: error %v", err)
	}
	if err := EncodeGIF(&failAfter{100}, good, AnimationOptions{}); !errors.Is(err, errFull) {
		t.Errorf("full disk: error %v", err)
	}
}

func ExampleEncodeAPNG() {
	var file bytes.Buffer
	o := AnimationOptions{DelayNum: 1, DelayDen: 20, Recipe: Recipe([]byte(`{"command":"walk"}`))}
	if err := EncodeAPNG(&file, testTiles(8, 64, 64), o); err != nil {
		fmt.Println(err)
		return
	}
	first, err := png.Decode(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Bounds().Size())
	// Output: (64,64)
}
