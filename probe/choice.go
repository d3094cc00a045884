package probe

import (
	"errors"
	"fmt"
	"slices"

	"dcganviz/model"
)

// ErrInput marks errors that come from the caller's choice: of a layer, units,
// images or numbers.
var ErrInput = errors.New("input")

type inputError struct{ error }

func (inputError) Is(target error) bool { return target == ErrInput }

func (e inputError) Unwrap() error { return errors.Unwrap(e.error) }

// Input returns an error of that message that is ErrInput.
func Input(format string, args ...any) error { return inputError{fmt.Errorf(format, args...)} }

// HiddenLayer describes the layer of G of that name; "" is the second-highest
// convolution, which Radford et al. 2015 (arXiv:1511.06434), section 6.3.1, drop
// units of. If G has no such layer, the error is ErrInput.
func HiddenLayer(g *model.G, name string) (model.LayerInfo, error) {
	layers := g.Layers()
	if name == "" {
		if len(layers) < 3 {
			return model.LayerInfo{}, Input("probe: G has %d layers, want three or more, or one named", len(layers))
		}
		return layers[len(layers)-3], nil
	}
	var names []string
	for _, l := range layers[:len(layers)-1] {
		if l.Name == name {
			return l, nil
		}
		names = append(names, l.Name)
	}
	return model.LayerInfo{}, Input("probe: no hidden layer %q, want one of %q", name, names)
}

// CheckUnits returns an error that is ErrInput where a layer lacks one of units,
// or one is named twice.
func CheckUnits(l model.LayerInfo, units []int) error {
	for i, u := range units {
		if u < 0 || u >= l.Channels {
			return Input("probe: no unit %d in layer %q, want 0 to %d", u, l.Name, l.Channels-1)
		}
		if slices.Contains(units[:i], u) {
			return Input("probe: unit %d twice", u)
		}
	}
	return nil
}
