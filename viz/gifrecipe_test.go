package viz

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// A GIF by hand, up to where its pixels begin, is gifStart + extensions +
// gifPixels. Its table has two colours.
const (
	gifStart  = "GIF89a\x01\x00\x01\x00\x80\x00\x00" + "\x00\x00\x00\xff\xff\xff"
	gifPixels = "\x2c"
	gifSound  = "\x21\xfe\x0cdcganviz: {}\x00"
)

// extensions walks the blocks of a GIF strictly to its end, and gives the
// extensions as label and contents, and "image" for a frame.
func extensions(t testing.TB, file []byte) [][2]string {
	t.Helper()
	rest := string(file)
	take := func(n int) string {
		t.Helper()
		if n > len(rest) {
			t.Fatalf("the GIF ends %d bytes early", n-len(rest))
		}
		out := rest[:n]
		rest = rest[n:]
		return out
	}
	blocks := func() string {
		var all string
		for {
			n := int(take(1)[0])
			if n == 0 {
				return all
			}
			all += take(n)
		}
	}
	table := func(flags byte) {
		if flags&0x80 != 0 {
			take(3 * 1 << (flags&7 + 1))
		}
	}
	table(take(13)[10])
	var all [][2]string
	for {
		switch kind := take(1)[0]; kind {
		case 0x21:
			label := take(1)
			all = append(all, [2]string{label, blocks()})
		case 0x2c:
			table(take(9)[8])
			take(1)
			blocks()
			all = append(all, [2]string{"image"})
		case 0x3b:
			if rest != "" {
				t.Fatalf("%d bytes after the trailer", len(rest))
			}
			return all
		default:
			t.Fatalf("block %#02x", kind)
		}
	}
}

// TestGIFCarriesItsRecipe for every length around that of one block, and with
// every count of showings, on which what stands before the comment depends.
func TestGIFCarriesItsRecipe(t *testing.T) {
	frames := walkFrames()
	for _, loops := range []int{0, 1, 2} {
		plain := encodeGIFs(t, frames, AnimationOptions{Loops: loops})
		for _, n := range []int{0, 230, 240, 243, 244, 245, 246, 255, 499, 500, 510, 70000} {
			recipe := `{"note":"Fassaden – 立面","pad":"` + strings.Repeat("x", n) + `"}`
			o := AnimationOptions{Loops: loops, Recipe: append(Recipe([]byte(recipe)), Text{"Title", "A walk"})}
			file := encodeGIFs(t, frames, o)
			all := extensions(t, file)
			if loops != 1 {
				if all[0] != [2]string{"\xff", "NETSCAPE2.0\x01" + string([]byte{byte(max(loops-1, 0)), 0})} {
					t.Errorf("loops %d: first there is %q, want the loop", loops, all[0])
				}
				all = all[1:]
			}
			if all[0] != [2]string{"\xfe", "dcganviz: " + recipe} || all[1] != [2]string{"\xfe", "Title: A walk"} {
				t.Errorf("loops %d, %d bytes: comments are %.40q", loops, len(recipe), all[:2])
			}
			read, err := ReadRecipe(iotest.OneByteReader(bytes.NewReader(file)))
			if err != nil || string(read) != recipe {
				t.Errorf("loops %d: read back %.40q and %v, want %.40q", loops, read, err, recipe)
			}
			// Another reader sees the animation that it is without.
			got, shown := playGIF(t, file)
			want, as := playGIF(t, plain)
			if got.LoopCount != want.LoopCount || len(shown) != len(as) {
				t.Fatalf("%d frames, loops %d, want %d and %d", len(shown), got.LoopCount, len(as), want.LoopCount)
			}
			for i := range shown {
				samePixels(t, "frame", shown[i], as[i])
			}
		}
	}
	if one := encodeGIFs(t, frames[:1], AnimationOptions{Recipe: Recipe([]byte("{}"))}); extensions(t, one)[0] != [2]string{"\xfe", "dcganviz: {}"} {
		t.Errorf("a single frame: %q", extensions(t, one))
	}
	var buf bytes.Buffer
	wantError(t, "text", EncodeGIF(&buf, frames, AnimationOptions{Recipe: []Text{{RecipeKey, "{"}}}), "is not JSON")
	if buf.Len() != 0 {
		t.Errorf("%d bytes were written", buf.Len())
	}
}

func TestReadRecipeOfOtherGIFs(t *testing.T) {
	var plain bytes.Buffer
	if err := gif.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 2)), nil); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"another program's":    plain.String(),
		"other comments":       gifStart + "\x21\xfe\x05hello\x00" + gifPixels,
		"longer key":           gifStart + "\x21\xfe\x0ddcganviz2: {}\x00" + gifPixels,
		"in another extension": gifStart + "\x21\x01\x0cdcganviz: {}\x00" + gifPixels,
		"no pixels":            gifStart + "\x3b",
	} {
		if got, err := ReadRecipe(strings.NewReader(file)); !errors.Is(err, ErrNoRecipe) {
			t.Errorf("%s: got %q and %v, want ErrNoRecipe", name, got, err)
		}
	}
	long := "\x21\x01" + strings.Repeat("\xff"+strings.Repeat("x", 255), 20000) + "\x00"
	for name, file := range map[string]string{
		"no colours":       "GIF87a\x01\x00\x01\x00\x00\x00\x00" + gifSound + gifPixels,
		"in small blocks":  gifStart + "\x21\xfe\x01d\x0bcganviz: {}\x00" + gifPixels,
		"behind much else": gifStart + long + "\x21\xf9\x04\x00\x00\x00\x00\x00" + gifSound + gifPixels,
	} {
		if got, err := ReadRecipe(strings.NewReader(file)); err != nil || string(got) != "{}" {
			t.Errorf("%s: got %q and %v, want {}", name, got, err)
		}
	}
	r := io.MultiReader(strings.NewReader(gifStart+gifSound+gifPixels), iotest.ErrReader(errFull))
	if got, err := ReadRecipe(r); err != nil || string(got) != "{}" {
		t.Errorf("got %q and %v, want {} without a byte read of the pixels", got, err)
	}
}

func TestReadRecipeRefusesHostileGIFs(t *testing.T) {
	block := "\xff" + strings.Repeat("x", 255)
	for name, file := range map[string]string{
		"another version":   "GIF88a" + gifStart[6:] + gifSound + gifPixels,
		"signature only":    "GIF89a",
		"cut in the header": gifStart[:12],
		"cut in the table":  gifStart[:15],
		"cut before pixels": gifStart + gifSound,
		"cut in a block":    gifStart + gifSound[:9],
		"cut after a label": gifStart + "\x21",
		"unknown block":     gifStart + "\x22" + gifSound + gifPixels,
		"two recipes":       gifStart + gifSound + gifSound + gifPixels,
		"not JSON":          gifStart + "\x21\xfe\x0bdcganviz: {\x00" + gifPixels,
		"endless comment":   gifStart + "\x21\xfe" + strings.Repeat(block, 10000) + "\x00" + gifPixels,
		"endless comments":  gifStart + strings.Repeat("\x21\xfe\x00", 1000) + gifPixels,
	} {
		if got, err := ReadRecipe(strings.NewReader(file)); !errors.Is(err, ErrBadPicture) {
			t.Errorf("%s: got %.20q and error %v, want ErrBadPicture", name, got, err)
		}
	}
}
