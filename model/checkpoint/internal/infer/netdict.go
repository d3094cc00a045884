package infer

import "errors"

// A NetDict is a state dict that is one net, or of which no net can be told.
type NetDict struct {
	Dict *Dict
	Also []string    // other paths to it
	G, D *LayerChain // what it is as a G and as a D; nil if it is none
	Why  error       // why it is neither
}

// Path is where in the file the state dict is.
func (l *NetDict) Path() string { return l.Dict.Path }

// WhyNotD says why it is no D.
func (l *NetDict) WhyNotD() error {
	if l.Why != nil {
		return l.Why
	}
	return errors.New("it is a G")
}
