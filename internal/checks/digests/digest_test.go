package digests

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"dcganviz/viz"
)

// digests are those of one file. Each is empty where the file has no such thing.
type digests struct {
	Tiles   string `json:"tiles,omitempty"`
	Plots   string `json:"plots,omitempty"`
	Numbers string `json:"numbers,omitempty"`
	Recipe  string `json:"recipe,omitempty"`
	// Bytes is of a file whose contents are no picture with a layout.
	Bytes string `json:"bytes,omitempty"`
}

func (d digests) differences(o digests) (names []string) {
	for _, f := range []struct{ name, a, b string }{
		{"tiles", d.Tiles, o.Tiles}, {"plots", d.Plots, o.Plots}, {"numbers", d.Numbers, o.Numbers},
		{"recipe", d.Recipe, o.Recipe}, {"bytes", d.Bytes, o.Bytes},
	} {
		if f.a != f.b {
			names = append(names, f.name)
		}
	}
	return names
}

// A layout is where the numbers beside a picture say that its tiles are.
type layout struct {
	Tiles []viz.Tiles
	Plots []viz.Plot
}

// auditEnd is how the name of a walk's second picture ends, whose layout is among
// the walk's numbers.
const auditEnd = "-audit"

// read returns the digests of a folder's files.
func read(folder string) (map[string]digests, error) {
	out := map[string]digests{}
	for _, end := range []string{".json", ".png", ".jpg"} {
		files, err := filepath.Glob(filepath.Join(folder, "*"+end))
		if err != nil {
			return nil, err
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			var d digests
			switch end {
			case ".json":
				d.Numbers, err = numbersOf(text)
			case ".png":
				d, err = pictureOf(path, text)
			default:
				sum := sha256.Sum256(text)
				d.Bytes = hex.EncodeToString(sum[:])
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			out[filepath.Base(path)] = d
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no figures", folder)
	}
	return out, nil
}

// numbersOf digests the numbers and truth values of a JSON text, each with the
// path to it. The layout does not count: text moves it.
func numbersOf(text []byte) (string, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return "", err
	}
	h := sha256.New()
	walk(h, "", v)
	return sum(h), nil
}

func walk(h hash.Hash, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			if !strings.HasSuffix(k, "layout") {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			walk(h, path+"/"+k, v[k])
		}
	case []any:
		for i, x := range v {
			walk(h, fmt.Sprintf("%s/%d", path, i), x)
		}
	case json.Number, bool:
		fmt.Fprintf(h, "%s=%v\n", path, v)
	}
}

// kernels is what a recipe says of the machine that drew: the figures are the same by
// others, but for last bits that the digests of the tiles find.
var kernels = regexp.MustCompile(`,"kernels":"[a-z-]*"`)

// pictureOf digests a picture's tiles, plots and recipe.
func pictureOf(path string, text []byte) (d digests, err error) {
	recipe, err := viz.ReadRecipe(bytes.NewReader(text))
	if err != nil {
		return d, err
	}
	h := sha256.New()
	h.Write(kernels.ReplaceAll(recipe, nil))
	d.Recipe = sum(h)
	at, err := layoutBeside(path)
	if err != nil {
		return d, err
	}
	h = sha256.New()
	for _, p := range at.Plots {
		fmt.Fprintln(h, p.W, p.H, p.SHA256)
	}
	d.Plots = sum(h)
	img, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		return d, err
	}
	d.Tiles, err = tilesOf(img, at.Tiles)
	return d, err
}

func layoutBeside(path string) (layout, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	walk, isAudit := strings.CutSuffix(stem, auditEnd)
	text, err := os.ReadFile(walk + ".json")
	if err != nil {
		return layout{}, err
	}
	var a struct {
		Layout layout
		Audit  layout `json:"audit_layout"`
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return layout{}, err
	}
	if isAudit {
		return a.Audit, nil
	}
	return a.Layout, nil
}

func tilesOf(img image.Image, groups []viz.Tiles) (string, error) {
	h := sha256.New()
	for _, t := range groups {
		fmt.Fprintln(h, t.Count, t.W, t.H)
		for i := range t.Count {
			r := t.Tile(i)
			if !r.In(img.Bounds()) {
				return "", fmt.Errorf("tile %v lies outside of the picture, %v", r, img.Bounds())
			}
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					c := img.At(x, y)
					red, green, blue, _ := c.RGBA()
					h.Write([]byte{byte(red >> 8), byte(green >> 8), byte(blue >> 8)})
				}
			}
		}
	}
	return sum(h), nil
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
