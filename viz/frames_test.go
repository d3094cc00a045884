package viz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// framesOf reads an animation. Its frames are copies.
func framesOf(file []byte, width, height int) (all []Frame, err error) {
	for f, err := range ReadFrames(bytes.NewReader(file), width, height) {
		if err != nil {
			return all, err
		}
		f.Image = &image.NRGBA{Pix: slices.Clone(f.Image.Pix), Stride: f.Image.Stride, Rect: f.Image.Rect}
		all = append(all, f)
	}
	return all, nil
}

// animations are an APNG and a GIF of the same frames, and how another reader shows
// them.
func animations(t testing.TB) (files [2][]byte, want [2][]image.Image) {
	frames := walkFrames()
	var apng bytes.Buffer
	o := AnimationOptions{DelayNum: 1, DelayDen: 20, Recipe: Recipe([]byte("{}"))}
	if err := EncodeAPNG(&apng, frames, o); err != nil {
		t.Fatal(err)
	}
	files = [2][]byte{apng.Bytes(), encodeGIFs(t, frames, o)}
	_, played := playGIF(t, files[1])
	for _, p := range played {
		want[1] = append(want[1], p)
	}
	want[0] = frames
	return files, want
}

// TestReadFramesShowsWhatWasWritten: an APNG as it was given to the encoder, a GIF as
// image/gif plays it.
func TestReadFramesShowsWhatWasWritten(t *testing.T) {
	files, want := animations(t)
	for i, file := range files {
		size := want[i][0].Bounds().Size()
		got, err := framesOf(file, size.X, size.Y)
		if err != nil || len(got) != len(want[i]) {
			t.Fatalf("file %d: %d frames and %v, want %d", i, len(got), err, len(want[i]))
		}
		for k, f := range got {
			if f.Num*20 != f.Den {
				t.Errorf("file %d, frame %d: shown for %d/%d s, want 1/20", i, k, f.Num, f.Den)
			}
			for y := range size.Y {
				for x := range size.X {
					r, g, b, a := f.Image.At(x, y).RGBA()
					b0 := want[i][k].Bounds().Min
					if R, G, B, A := want[i][k].At(x+b0.X, y+b0.Y).RGBA(); r != R || g != G || b != B || a != A {
						t.Fatalf("file %d, frame %d at (%d, %d): other colours", i, k, x, y)
					}
				}
			}
		}
		for range ReadFrames(bytes.NewReader(file), size.X, size.Y) {
			break // a caller may stop
		}
		if _, err := framesOf(file, size.X+1, size.Y); !errors.Is(err, ErrBadPicture) {
			t.Errorf("file %d of another size: %v", i, err)
		}
		if all, err := framesOf(file[:len(file)-9], size.X, size.Y); !errors.Is(err, ErrBadPicture) {
			t.Errorf("file %d cut short: %d frames, %v", i, len(all), err)
		}
	}
}

// endless is a file that begins so and goes on for 4 GB.
func endless(start string) io.Reader {
	return io.MultiReader(strings.NewReader(start), io.LimitReader(fill('x'), 1<<32))
}

type fill byte

func (f fill) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}

// TestHostileFramesTakeLittleMemory: lengths are lies.
func TestHostileFramesTakeLittleMemory(t *testing.T) {
	header := func(w, h uint32) string {
		b := binary.BigEndian.AppendUint32(nil, w)
		return pngSignature + rawChunk("IHDR", string(binary.BigEndian.AppendUint32(b, h))+"\x08\x00\x00\x00\x00")
	}
	control := func(x, y, w, h uint32, dispose byte) string {
		b := binary.BigEndian.AppendUint32(nil, 0)
		for _, v := range []uint32{w, h, x, y} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
		return rawChunk("fcTL", string(b)+"\x00\x01\x00\x01"+string(dispose)+"\x00")
	}
	const gif4 = "GIF89a\x04\x00\x04\x00\x80\x00\x00abcdef"
	for name, start := range map[string]string{
		"nothing":                 "",
		"a text":                  "no picture at all",
		"4 GB of pixels":          header(4, 4) + "\x7f\xff\xff\xffIDAT",
		"pixels before a header":  pngSignature + "\x00\x00\x10\x00IDAT",
		"huge":                    header(1<<31-1, 1<<31-1) + "\x00\x00\x10\x00IDAT",
		"a frame outside":         header(4, 4) + control(3, 3, 4, 4, 0),
		"a frame of huge offsets": header(4, 4) + control(1<<31-1, 1<<31-1, 1<<31-1, 1<<31-1, 0),
		"a frame that goes":       header(4, 4) + control(0, 0, 4, 4, 1),
		"GIF of another size":     "GIF89a\xff\xff\xff\xff\x00\x00\x00",
		"GIF of endless pixels":   gif4 + ",\x00\x00\x00\x00\x04\x00\x04\x00\x00\x02\xff",
		"GIF frame outside":       gif4 + ",\x03\x00\x00\x00\x04\x00\x04\x00\x00\x02\xff",
		"GIF of see-through":      gif4 + "!\xf9\x04\x01\x00\x00\x00\x00,",
	} {
		var err error
		got := hostile.Allocated(func() {
			for _, e := range ReadFrames(endless(start), 4, 4) {
				err = e
			}
		})
		if !errors.Is(err, ErrBadPicture) || got > 1<<20 {
			t.Errorf("%s: %v, and %d bytes", name, err, got)
		}
	}
}

func FuzzReadFrames(f *testing.F) {
	files, want := animations(f)
	size := want[0][0].Bounds().Size()
	for _, file := range files {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		for range ReadFrames(bytes.NewReader(file), size.X, size.Y) {
		}
	})
}

// TestRecipeMemoryOfManyTexts: whatever stands before the pixels, the same memory
// is used for all of it.
func TestRecipeMemoryOfManyTexts(t *testing.T) {
	text := rawChunk("iTXt", "Comment\x00\x00\x00\x00\x00"+strings.Repeat("x", maxTextBytes-100))
	comment := "!\xfe" + strings.Repeat("\xff"+strings.Repeat("x", 255), 4000) + "\x00"
	for name, file := range map[string]string{
		"PNG": start + strings.Repeat(text, 40) + sound + pixels,
		"GIF": "GIF89a\x04\x00\x04\x00\x00\x00\x00" + strings.Repeat(comment, 40) + "!\xfe\x0cdcganviz: {}\x00" + ",",
	} {
		got := hostile.Allocated(func() {
			if recipe, err := ReadRecipe(strings.NewReader(file)); err != nil || string(recipe) != "{}" {
				t.Errorf("%s: %q, %v", name, recipe, err)
			}
		})
		if got > 8<<20 {
			t.Errorf("%s: %d bytes for a recipe behind 40 MB of texts", name, got)
		}
	}
}

// TestRecipesAreShallow: printed with indents, a deep one would grow a thousandfold.
func TestRecipesAreShallow(t *testing.T) {
	for n, ok := range map[int]bool{maxRecipeDepth: true, maxRecipeDepth + 1: false} {
		recipe := strings.Repeat(`{"a[":[`, n/2) + strings.Repeat("[", n%2) + `"[\"["` + strings.Repeat("]", n%2) + strings.Repeat("]}", n/2)
		if err := checkRecipe([]byte(recipe)); (err == nil) != ok {
			t.Errorf("%d deep: %v", n, err)
		}
	}
}
