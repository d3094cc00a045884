package viz

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"unicode/utf8"
)

// RecipeKey is the keyword of the recipe in a picture.
const RecipeKey = "dcganviz"

// Bounds of what is read from a picture: a recipe is a few hundred bytes, and
// nothing that this program writes has more than a few chunks or extensions
// before its pixels.
const (
	maxTextBytes   = 1 << 20
	maxRecipeBytes = 1 << 18 // of what is read
	maxRecipeDepth = 16      // of objects and lists in each other: indented, deeper ones would grow by a thousand times
	maxKeyBytes    = 79      // by the PNG specification
	maxEarlyChunks = 256
)

// ErrNoRecipe is given by ReadRecipe for a sound picture without a recipe.
var ErrNoRecipe = errors.New("no recipe in this picture")

// ErrBadPicture is given by ReadRecipe for a file that is no PNG or GIF, or one
// that is corrupt, cut short or beyond the limits.
var ErrBadPicture = errors.New("not a sound PNG or GIF")

// A Text is a keyword and a value that a picture carries.
type Text struct {
	// Key is 1 to 79 printable ASCII characters, without a space at either
	// end or two in a row.
	Key string
	// Value is UTF-8 without zero bytes, at most 1 MB.
	Value string
}

// Recipe makes the text of a recipe, to be given to EncodePNG, EncodeAPNG or
// EncodeGIF. recipe is JSON; ReadRecipe gives it back byte by byte.
func Recipe(recipe []byte) []Text {
	return []Text{{RecipeKey, string(recipe)}}
}

// check finds what a picture cannot hold.
func (t Text) check() error {
	if len(t.Key) < 1 || len(t.Key) > maxKeyBytes {
		return fmt.Errorf("text key of %d bytes, want 1 to %d", len(t.Key), maxKeyBytes)
	}
	for _, c := range []byte(t.Key) {
		if c < ' ' || c > '~' {
			return fmt.Errorf("text key %q, want printable ASCII", t.Key)
		}
	}
	if strings.TrimSpace(t.Key) != t.Key || strings.Contains(t.Key, "  ") {
		return fmt.Errorf("text key %q, want single spaces, inside only", t.Key)
	}
	if len(t.Value) > maxTextBytes {
		return fmt.Errorf("text %q of %d bytes, want at most %d", t.Key, len(t.Value), maxTextBytes)
	}
	if !utf8.ValidString(t.Value) || strings.IndexByte(t.Value, 0) >= 0 {
		return fmt.Errorf("text %q is not UTF-8 without zero bytes", t.Key)
	}
	if t.Key == RecipeKey && !json.Valid([]byte(t.Value)) {
		return fmt.Errorf("text %q is not JSON", t.Key)
	}
	return nil
}

// chunk is the data of the text's iTXt chunk.
func (t Text) chunk() ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	// After the key and its zero: not compressed, method 0, no language, no
	// translated key.
	return []byte(t.Key + "\x00\x00\x00\x00\x00" + t.Value), nil
}

// ReadRecipe gives the recipe that a PNG or GIF carries, as JSON.
//
// It reads r up to the first pixels and looks at no pixel. The file may be
// hostile: lengths are checked before memory is taken (at most a few MB, whatever
// its size), the checksum of every chunk of a PNG is verified, and a recipe that is
// compressed, repeated, malformed, above 256 kB or nested more than 16 deep is
// refused. What the JSON says is for the caller to doubt.
// Errors wrap ErrNoRecipe or ErrBadPicture, or are those of r.
func ReadRecipe(r io.Reader) ([]byte, error) {
	recipe, err := readRecipe(r)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("%w: cut short", ErrBadPicture)
	}
	if err != nil {
		return nil, fmt.Errorf("viz: recipe: %w", err)
	}
	return recipe, nil
}

func readRecipe(r io.Reader) ([]byte, error) {
	var signature [len(pngSignature)]byte
	if _, err := io.ReadFull(r, signature[:]); err != nil {
		return nil, err
	}
	if isGIF(signature[:]) {
		return readGIFRecipe(signature[:], r)
	}
	if string(signature[:]) != pngSignature {
		return nil, fmt.Errorf("%w: it begins with %q", ErrBadPicture, signature[:])
	}
	var recipe []byte
	var buf bytes.Buffer // of the chunk before
	for i := range maxEarlyChunks {
		kind, data, err := readChunk(r, &buf)
		if err != nil {
			return nil, err
		}
		if first := i == 0; first != (kind == "IHDR") || first && len(data) != 13 {
			return nil, fmt.Errorf("%w: chunk %d is %q of %d bytes, want one IHDR of 13 bytes at the start", ErrBadPicture, i, kind, len(data))
		}
		switch kind {
		case "iTXt":
			value, ours, err := parseRecipe(data)
			if err != nil {
				return nil, err
			}
			if ours && recipe != nil {
				return nil, errTwoRecipes
			}
			if ours {
				recipe = bytes.Clone(value)
			}
		case "IDAT", "IEND":
			if recipe == nil {
				return nil, ErrNoRecipe
			}
			return recipe, nil
		}
	}
	return nil, fmt.Errorf("%w: more than %d chunks before the pixels", ErrBadPicture, maxEarlyChunks)
}

// readChunk reads one chunk into buf. Only of a text and of a small chunk it gives
// the data; IDAT is not read at all.
func readChunk(r io.Reader, buf *bytes.Buffer) (kind string, data []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", nil, err
	}
	length, kind := binary.BigEndian.Uint32(head[:4]), string(head[4:])
	if length > 1<<31-1 {
		return "", nil, fmt.Errorf("%w: chunk %q of %d bytes, want less than 2^31", ErrBadPicture, kind, length)
	}
	if kind == "IDAT" {
		return kind, nil, nil
	}
	crc := crc32.NewIEEE()
	crc.Write(head[4:])
	// What is there is read, not what the length promises.
	buf.Reset()
	keep := io.Writer(buf)
	switch {
	case kind == "iTXt" && length > maxTextBytes+maxKeyBytes+5:
		return "", nil, fmt.Errorf("%w: text of %d bytes, want at most %d", ErrBadPicture, length, maxTextBytes)
	case kind != "iTXt" && length > 1<<10:
		keep = io.Discard
	}
	if _, err := io.CopyN(io.MultiWriter(keep, crc), r, int64(length)); err != nil {
		return "", nil, err
	}
	var sum [4]byte
	if _, err := io.ReadFull(r, sum[:]); err != nil {
		return "", nil, err
	}
	if got, want := binary.BigEndian.Uint32(sum[:]), crc.Sum32(); got != want {
		return "", nil, fmt.Errorf("%w: chunk %q has checksum %08x, want %08x", ErrBadPicture, kind, got, want)
	}
	return kind, buf.Bytes(), nil
}

// parseRecipe takes the data of an iTXt chunk apart. ours is false for a
// text with another keyword.
func parseRecipe(data []byte) (value []byte, ours bool, err error) {
	rest, ours := bytes.CutPrefix(data, []byte(RecipeKey+"\x00"))
	if !ours {
		return nil, false, nil
	}
	if len(rest) < 2 || rest[0] != 0 || rest[1] != 0 {
		return nil, true, fmt.Errorf("%w: recipe is compressed or cut short, want plain text", ErrBadPicture)
	}
	_, rest, language := bytes.Cut(rest[2:], []byte{0})
	_, value, translated := bytes.Cut(rest, []byte{0})
	if !language || !translated {
		return nil, true, fmt.Errorf("%w: recipe has no text", ErrBadPicture)
	}
	return value, true, checkRecipe(value)
}

// checkRecipe refuses a value that no recipe has.
func checkRecipe(value []byte) error {
	if len(value) > maxRecipeBytes || bytes.IndexByte(value, 0) >= 0 || !utf8.Valid(value) || !json.Valid(value) {
		return fmt.Errorf("%w: recipe of %d bytes is not JSON in UTF-8 of at most %d", ErrBadPicture, len(value), maxRecipeBytes)
	}
	if n := depth(value); n > maxRecipeDepth {
		return fmt.Errorf("%w: recipe is nested %d deep, want at most %d", ErrBadPicture, n, maxRecipeDepth)
	}
	return nil
}

// depth is how many objects and lists of valid JSON stand in each other at most.
func depth(text []byte) (most int) {
	now, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}
