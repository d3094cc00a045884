package viz

import (
	"fmt"
	"image/color"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// The style that all pictures share: dark on light, one font, and swatches
// that stay apart for colour-blind readers and when printed in grey.
var (
	paper = color.NRGBA{255, 255, 255, 255}
	ink   = color.NRGBA{31, 35, 40, 255}
	muted = color.NRGBA{89, 99, 110, 255} // 6:1 on paper: second-rank text
	rule  = color.NRGBA{226, 230, 235, 255}
)

// swatches are the qualitative colours of Okabe and Ito ("Color Universal
// Design", 2008) in the order of use, without their black and yellow, which
// are too near to ink and to paper.
var swatches = [...]color.NRGBA{
	{0, 114, 178, 255},   // blue
	{213, 94, 0, 255},    // vermillion
	{0, 158, 115, 255},   // bluish green
	{204, 121, 167, 255}, // reddish purple
	{230, 159, 0, 255},   // orange
	{86, 180, 233, 255},  // sky blue
}

// Swatch is the i-th qualitative colour of the style; the colours repeat
// after the sixth, and a negative i counts back from the last.
func Swatch(i int) color.NRGBA {
	n := len(swatches)
	return swatches[(i%n+n)%n]
}

// tint mixes c with paper; strength 1 gives c, 0 gives paper.
func tint(c color.NRGBA, strength float64) color.NRGBA { return blend(c, paper, strength) }

// blend lays c of some strength on an opaque base.
func blend(c, base color.NRGBA, strength float64) color.NRGBA {
	mix := func(v, base uint8) uint8 {
		return uint8(float64(strength*float64(v)) + float64((1-strength)*float64(base)) + 0.5)
	}
	return color.NRGBA{mix(c.R, base.R), mix(c.G, base.G), mix(c.B, base.B), 255}
}

// Sizes of text, in pixels.
const (
	textPx  = 13.0 // captions and labels, unless an option says otherwise
	titleUp = 1.15 // a title is this much larger, and bold
)

// parsedFonts parses the two weights of the Go font, which is embedded.
var parsedFonts = sync.OnceValues(func() (fonts [2]*opentype.Font, err error) {
	for i, data := range [][]byte{goregular.TTF, gobold.TTF} {
		if fonts[i], err = opentype.Parse(data); err != nil {
			return fonts, fmt.Errorf("viz: embedded font: %w", err)
		}
	}
	return fonts, nil
})

// newFace makes a face of the style's font. A face is not safe for
// concurrent use, so each drawing makes its own.
func newFace(sizePx float64, bold bool) (font.Face, error) {
	fonts, err := parsedFonts()
	if err != nil {
		return nil, err
	}
	f := fonts[0]
	if bold {
		f = fonts[1]
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: sizePx, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("viz: font of %g px: %w", sizePx, err)
	}
	return face, nil
}
