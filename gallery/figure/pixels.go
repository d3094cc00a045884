package figure

import (
	"fmt"
	"strconv"
	"strings"
)

// Pixels are a height and a width, as options have them: 64 or 96x128. The zero value
// says nothing.
type Pixels struct{ Height, Width int }

func (p Pixels) String() string {
	if p.Height == p.Width {
		return strconv.Itoa(p.Height)
	}
	return fmt.Sprintf("%dx%d", p.Height, p.Width)
}

// ParsePixels reads what String wrote. A height and a width are at least 1.
func ParsePixels(text string) (p Pixels, err error) {
	h, w, two := strings.Cut(text, "x")
	if !two {
		w = h
	}
	var bad error
	p.Height, err = strconv.Atoi(h)
	if p.Width, bad = strconv.Atoi(w); err != nil || bad != nil || p.Height < 1 || p.Width < 1 {
		return Pixels{}, usage("%.80q is no size, want a side such as 64, or a height and a width such as 96x128", text)
	}
	return p, nil
}

// MarshalText writes what String does.
func (p Pixels) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Pixels) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePixels(string(text))
	return err
}
