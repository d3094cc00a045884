package forget

import (
	"context"
	"fmt"

	"dcganviz/internal/enum"
)

// A Method is a way to make an Intervention of a concept.
type Method uint8

const (
	// Paper drops the units of positive weight.
	Paper Method = iota
	// Mean holds them at their mean.
	Mean
	// Causal drops the units whose loss was measured to take the concept away.
	Causal
	// Erase projects the concept's direction out of each location.
	Erase
	// Fill replaces locations where the probe finds the concept.
	Fill
	// FillSeen replaces locations where the guide sees the concept in the image.
	FillSeen
)

var methodNames = [...]string{"paper", "mean", "causal", "erase", "fill", "fill-seen"}

func (m Method) String() string { return enum.Name(m, methodNames[:]) }

// Methods returns all methods, the paper's first.
func Methods() []Method { return []Method{Paper, Mean, Causal, Erase, Fill, FillSeen} }

// ParseMethod returns the method of that name.
func ParseMethod(name string) (Method, error) {
	return enum.Parse[Method]("forget: method", name, methodNames[:])
}

// MarshalText writes the method's name.
func (m Method) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMethod(string(text))
	return err
}

// Intervention makes m of the concept. Settings that m has were chosen on samples other
// than those in the README's figures.
func (c *Concept) Intervention(ctx context.Context, m Method, opt MeasureOptions) (*Intervention, error) {
	switch m {
	case Paper:
		return c.Drop(c.Positive()), nil
	case Mean:
		return c.HoldAtMean(c.Positive()), nil
	case Causal:
		effects, err := c.Effects(ctx, opt)
		if err != nil {
			return nil, err
		}
		return c.Causal(ctx, effects, opt)
	case Erase:
		return c.Erase(ctx, 2)
	case Fill:
		return c.Fill(FillOptions{})
	case FillSeen:
		return c.Fill(Seen())
	}
	return nil, fmt.Errorf("forget: unknown method %v", m)
}

// Seen returns the settings of FillSeen. Of those that change pixels elsewhere by at most
// 0.05, they remove most of the windows of the embedded façades by two viewers of the first
// half of the photographs (make choose-fill). The judge, which quotes what they do, is of
// the second half and had no say.
func Seen() FillOptions {
	return FillOptions{BySight: true, Threshold: .5, Doubt: .5, Grow: 2, Rounds: 1}
}
