package filters

import (
	"dcganviz/internal/enum"
	"dcganviz/model"
)

// A Rule is how a response is taken back through the activation functions.
type Rule uint8

const (
	// Guided keeps what raises the response by way of units that are active
	// (Springenberg et al. 2014, arXiv:1412.6806, section 3.4).
	Guided Rule = iota
	// Deconvnet keeps what raises the response, through active units and others
	// (Zeiler & Fergus 2013, arXiv:1311.2901, section 2.1). The method needs the
	// switches of pooling layers to depend on the image. A DCGAN has no pooling, so
	// the map depends on the place alone.
	Deconvnet
	// Gradient is the gradient itself.
	Gradient
)

var ruleNames = [...]string{"guided", "deconvnet", "gradient"}

// Rules returns all rules.
func Rules() []Rule { return []Rule{Guided, Deconvnet, Gradient} }

func (r Rule) String() string { return enum.Name(r, ruleNames[:]) }

// ParseRule returns the rule of that name.
func ParseRule(name string) (Rule, error) {
	return enum.Parse[Rule]("filters: rule", name, ruleNames[:])
}

// MarshalText writes the rule's name.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Rule) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRule(string(text))
	return err
}

// A Leak says what Guided and Deconvnet, both defined for ReLU, make of
// LeakyReLU's slope below zero; the paper does not say. Gradient always has it.
type Leak uint8

const (
	// Leaky multiplies by the slope where ReLU's rule blocks for being below
	// zero: the net is explained as it is. The zero value.
	Leaky Leak = iota
	// NoLeak blocks there, as a ReLU does. The map is cleaner, as if no unit
	// leaked, and empty where a response is itself below zero.
	NoLeak
)

var leakNames = [...]string{"leaky", "relu"}

func (l Leak) String() string { return enum.Name(l, leakNames[:]) }

// ParseLeak returns the treatment of that name.
func ParseLeak(name string) (Leak, error) {
	return enum.Parse[Leak]("filters: leak", name, leakNames[:])
}

// MarshalText writes the treatment's name.
func (l Leak) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Leak) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLeak(string(text))
	return err
}

// of returns the rule as the model knows it.
func (r Rule) of(l Leak) model.Rule {
	switch {
	case r == Guided && l == Leaky:
		return model.GuidedLeaky
	case r == Guided:
		return model.GuidedReLU
	case r == Deconvnet && l == Leaky:
		return model.DeconvLeaky
	case r == Deconvnet:
		return model.DeconvReLU
	}
	return model.Plain
}
