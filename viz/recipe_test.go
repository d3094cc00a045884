package viz

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"dcganviz/internal/hostile"
)

// rawChunk makes a chunk with a right checksum.
func rawChunk(kind, data string) string {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(out, kind+data...)
	return string(binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:])))
}

// A PNG by hand, up to where its pixels begin, is start + chunks + pixels.
var (
	start  = pngSignature + rawChunk("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00")
	pixels = "\x00\x00\x00\x09IDAT"
	sound  = rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00{}")
)

func TestRecipeFollowsTheHeader(t *testing.T) {
	recipe := `{"command":"walk","note":"Fassaden – 立面","seed":7}`
	texts := append(Recipe([]byte(recipe)), Text{"Title", "A walk"})
	file := encode(t, testTile(0, 20, 10), texts)
	got := chunks(t, file)
	if got[0].kind != "IHDR" || got[1].kind != "iTXt" || got[2].kind != "iTXt" || got[3].kind != "IDAT" || got[len(got)-1].kind != "IEND" {
		t.Errorf("chunks are %v", got)
	}
	if want := "dcganviz\x00\x00\x00\x00\x00" + recipe; string(got[1].data) != want {
		t.Errorf("first text is %q, want %q", got[1].data, want)
	}
	if want := "Title\x00\x00\x00\x00\x00A walk"; string(got[2].data) != want {
		t.Errorf("second text is %q, want %q", got[2].data, want)
	}
	read, err := ReadRecipe(iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil || string(read) != recipe {
		t.Errorf("read back %q and %v, want %q", read, err, recipe)
	}
	if _, err := png.Decode(bytes.NewReader(file)); err != nil {
		t.Error(err)
	}
	pngcheck(t, file)
}

func TestReadRecipeOfOtherPNGs(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, testTile(0, 3, 3)); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"another program's": plain.String(),
		"other texts":       start + rawChunk("iTXt", "Comment\x00\x00\x00\x00\x00{}") + rawChunk("tEXt", "dcganviz\x00{}") + pixels,
		"longer key":        start + rawChunk("iTXt", "dcganviz2\x00\x00\x00\x00\x00{}") + pixels,
		"text after pixels": start + rawChunk("IDAT", "") + sound,
		"no pixels":         start + rawChunk("IEND", ""),
	} {
		if got, err := ReadRecipe(strings.NewReader(file)); !errors.Is(err, ErrNoRecipe) {
			t.Errorf("%s: got %q and %v, want ErrNoRecipe", name, got, err)
		}
	}
	for name, file := range map[string]string{
		"last before the pixels": start + rawChunk("gAMA", "1234") + sound + pixels,
		"language and key":       start + rawChunk("iTXt", "dcganviz\x00\x00\x00de\x00Rezept\x00{}") + pixels,
		"behind a large profile": start + rawChunk("iCCP", strings.Repeat("x", 3*maxTextBytes)) + sound + pixels,
	} {
		if got, err := ReadRecipe(strings.NewReader(file)); err != nil || string(got) != "{}" {
			t.Errorf("%s: got %q and %v, want {}", name, got, err)
		}
	}
}

func TestReadRecipeRefusesHostileFiles(t *testing.T) {
	changed := strings.Replace(sound, "{}", "[]", 1) // still JSON, with the old checksum
	for name, file := range map[string]string{
		"empty":             "",
		"neither":           "JFIF, and more",
		"signature only":    pngSignature,
		"cut in IHDR":       start[:20],
		"cut before pixels": start + sound,
		"cut in the text":   start + sound[:len(sound)-7],
		"cut in a length":   start + "\x00\x00",
		"no IHDR first":     pngSignature + sound + pixels,
		"IHDR of 12 bytes":  pngSignature + rawChunk("IHDR", "123456789012") + pixels,
		"two IHDR":          start + start[8:] + sound + pixels,
		"wrong checksum":    start + changed + pixels,
		"length of 2^31":    start + "\x80\x00\x00\x00tEXt",
		"4 GB text":         start + "\xff\xff\xff\xffiTXt",
		"2 GB text":         start + "\x7f\xff\xff\xffiTXt" + strings.Repeat("x", 1000),
		"2 GB profile":      start + "\x7f\xff\xff\xffiCCP" + strings.Repeat("x", 1000),
		"compressed":        start + rawChunk("iTXt", "dcganviz\x00\x01\x00\x00\x00{}") + pixels,
		"unknown method":    start + rawChunk("iTXt", "dcganviz\x00\x00\x01\x00\x00{}") + pixels,
		"two recipes":       start + sound + sound + pixels,
		"no language":       start + rawChunk("iTXt", "dcganviz\x00\x00\x00{}") + pixels,
		"no translated key": start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00{}") + pixels,
		"nothing after key": start + rawChunk("iTXt", "dcganviz\x00") + pixels,
		"empty value":       start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00") + pixels,
		"not JSON":          start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00{") + pixels,
		"not UTF-8":         start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00\"\xff\"") + pixels,
		"deep JSON":         start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00"+strings.Repeat("[", 1<<19)+strings.Repeat("]", 1<<19)) + pixels,
		"endless chunks":    start + strings.Repeat(rawChunk("tEXt", ""), 1000) + sound + pixels,
		"a value of a bit over 1 MB": start + rawChunk("iTXt", "dcganviz\x00\x00\x00\x00\x00"+
			`"`+strings.Repeat("x", maxTextBytes)+`"`) + pixels,
	} {
		got, err := ReadRecipe(strings.NewReader(file))
		if !errors.Is(err, ErrBadPicture) {
			t.Errorf("%s: got %.20q and error %v, want ErrBadPicture", name, got, err)
		}
	}
}

func TestReadRecipeStopsAtThePixels(t *testing.T) {
	r := io.MultiReader(strings.NewReader(start+sound+pixels), iotest.ErrReader(errFull))
	if got, err := ReadRecipe(r); err != nil || string(got) != "{}" {
		t.Errorf("got %q and %v, want {} without a byte read of the pixels", got, err)
	}
	if _, err := ReadRecipe(io.MultiReader(strings.NewReader(start), iotest.ErrReader(errFull))); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the reader's own error", err)
	}
}

func TestRecipeMemoryIsBounded(t *testing.T) {
	// The chunk promises 2 GB less one and holds 1 kB.
	file := start + "\x7f\xff\xff\xffiCCP" + strings.Repeat("x", 1000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadRecipe(strings.NewReader(file))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrBadPicture) {
		t.Errorf("error %v, want ErrBadPicture", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes allocated, want at most 1 MB", got)
	}
}

func TestTextsThatPNGCannotHold(t *testing.T) {
	for want, text := range map[string]Text{
		"key of 0 bytes, want 1 to 79":         {"", "x"},
		"key of 80 bytes, want 1 to 79":        {strings.Repeat("k", 80), "x"},
		"want printable ASCII":                 {"clé", "x"},
		"\"a\\x00b\", want printable":          {"a\x00b", "x"},
		"\" a\", want single spaces":           {" a", "x"},
		"\"a  b\", want single spaces":         {"a  b", "x"},
		"\"k\" is not UTF-8 without zero":      {"k", "a\x00"},
		"\"l\" is not UTF-8 without zero":      {"l", "\xff"},
		"of 1048577 bytes, want at most 10485": {"m", strings.Repeat("x", maxTextBytes+1)},
		"\"dcganviz\" is not JSON":             {RecipeKey, "{seed: 1}"},
	} {
		var buf bytes.Buffer
		wantError(t, want, EncodePNG(&buf, image.NewGray(image.Rect(0, 0, 1, 1)), []Text{text}), want)
		if buf.Len() != 0 {
			t.Errorf("%s: %d bytes were written", want, buf.Len())
		}
	}
}

func FuzzReadRecipe(f *testing.F) {
	addPictures(f)
	f.Fuzz(checkReadRecipe)
}

// FuzzReadResealed is FuzzReadRecipe with the checksums of chunks made right.
func FuzzReadResealed(f *testing.F) {
	addPictures(f)
	f.Fuzz(func(t *testing.T, file []byte) { checkReadRecipe(t, hostile.Reseal(file)) })
}

func addPictures(f *testing.F) {
	f.Add([]byte(start + sound + pixels))
	f.Add(encode(f, testTile(0, 5, 4), Recipe([]byte(`{"seed":1,"list":[1,2.5,"ü"]}`))))
	f.Add([]byte(start + rawChunk("iTXt", "dcganviz\x00\x01\x00\x00\x00{}") + pixels))
	f.Add([]byte(start + "\x7f\xff\xff\xffiTXt"))
	f.Add([]byte(start + rawChunk("tEXt", "Title\x00x") + sound + sound + pixels))
	f.Add([]byte(gifStart + "\x21\x01\x02ab\x01c\x00" + gifSound + gifPixels))
	f.Add(encodeGIFs(f, walkFrames()[:2], AnimationOptions{Recipe: Recipe([]byte(`{"seed":1}`))}))
}

// checkReadRecipe is the body of the fuzz targets.
func checkReadRecipe(t *testing.T, file []byte) {
	recipe, err := ReadRecipe(bytes.NewReader(file))
	if err != nil {
		if !errors.Is(err, ErrBadPicture) && !errors.Is(err, ErrNoRecipe) {
			t.Errorf("error %v is none of the two", err)
		}
		return
	}
	if len(recipe) > maxTextBytes || !utf8.Valid(recipe) || !json.Valid(recipe) {
		t.Errorf("recipe %.40q of %d bytes was let through", recipe, len(recipe))
	}
	// What was read can be written and read again.
	again, err := ReadRecipe(bytes.NewReader(encode(t, image.NewGray(image.Rect(0, 0, 1, 1)), Recipe(recipe))))
	if err != nil || !bytes.Equal(again, recipe) {
		t.Errorf("second reading gives %.40q and %v, want %.40q", again, err, recipe)
	}
	one := []image.Image{image.NewGray(image.Rect(0, 0, 1, 1))}
	again, err = ReadRecipe(bytes.NewReader(encodeGIFs(t, one, AnimationOptions{Recipe: Recipe(recipe)})))
	if err != nil || !bytes.Equal(again, recipe) {
		t.Errorf("a GIF gives %.40q and %v, want %.40q", again, err, recipe)
	}
}
