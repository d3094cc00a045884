package score

import (
	"fmt"

	"dcganviz/internal/enum"
	"dcganviz/model"
)

// A Viewer says how sure it is that a concept is there, for each location of a
// square grid laid over an image.
type Viewer interface {
	// Scores takes images [N, Size, Size, Channels]: [N, side, side] in [0, 1].
	Scores(images model.Tensor, opt model.RunOptions) (model.Tensor, error)
}

// A Scorer is a Viewer that was fitted on pictures.
//
// Its methods may be called from several goroutines, one after the other
// running.
type Scorer struct {
	Info    Info
	net     *model.GridNet // of images, or of hypercolumns
	columns *hypercolumns  // nil for pixels, and before Attach
}

// Logits scores images, [N, Size, Size, Channels] in [-1, 1]: [N, Side, Side],
// before the sigmoid. A scorer of gray images takes colour ones, too. An image's
// logits do not depend on the others. Of opt the Pool counts.
func (s *Scorer) Logits(images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	opt = model.RunOptions{Pool: opt.Pool}
	images = s.gray(images)
	if s.Info.Kind == Pixels {
		return s.net.Logits(images, opt)
	}
	if s.columns == nil {
		return model.Tensor{}, fmt.Errorf("score: a scorer on D's features without its D")
	}
	// Hypercolumns are large: a few images at once.
	out := model.NewTensor(images.Len(), s.Info.Side, s.Info.Side)
	for from := 0; from < images.Len(); from += featureBatch {
		to := min(from+featureBatch, images.Len())
		x, err := s.columns.of(images.Slice(from, to), opt)
		if err != nil {
			return out, err
		}
		y, err := s.net.Logits(x, opt)
		if err != nil {
			return out, err
		}
		copy(out.Slice(from, to).Data, y.Data)
	}
	return out, nil
}

// gray returns colour images as a scorer of gray ones sees them, and others as
// they are.
func (s *Scorer) gray(images model.Tensor) model.Tensor {
	if s.Info.Channels != 1 || len(images.Shape) != 4 || images.Shape[3] != 3 {
		return images
	}
	out := model.NewTensor(images.Shape[0], images.Shape[1], images.Shape[2], 1)
	for i := range out.Data {
		p := images.Data[3*i:]
		out.Data[i] = .299*p[0] + .587*p[1] + .114*p[2] // Rec. 601 luma, as dataset's
	}
	return out
}

// Scores are the sigmoids of Logits, in [0, 1]. They are probabilities if the images are
// like the pictures that the scorer was fitted on.
func (s *Scorer) Scores(images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	t, err := s.Logits(images, opt)
	if err != nil {
		return t, err
	}
	for i, l := range t.Data {
		if l != l {
			return t, model.Unusable("score: image %d: the logit is NaN", i/(s.Info.Side*s.Info.Side))
		}
		t.Data[i] = model.Score(l)
	}
	return t, nil
}

// Attach gives a scorer on features the D that they are of: the one that it was
// fitted on, also where that was saved at half precision since. Others are
// refused. A scorer on pixels needs none.
func (s *Scorer) Attach(d *model.D) error {
	if s.Info.Kind == Pixels {
		return nil
	}
	if d == nil {
		return fmt.Errorf("score: this scorer looks at the features of a D, and there is none")
	}
	if got := digest(d); got != s.Info.DSHA256 {
		return fmt.Errorf("score: this scorer was fitted on another D: its weights are %.12s, want %.12s", got, s.Info.DSHA256)
	}
	c, err := newHypercolumns(d, s.Info.Side)
	if err != nil {
		return err
	}
	if w := s.net.Config().Channels; w != c.width() {
		return fmt.Errorf("score: this scorer takes %d features a location, and D has %d", w, c.width())
	}
	s.columns = c
	return nil
}

// A Kind is what a scorer looks at.
type Kind uint8

const (
	// Pixels: a small convolutional net of its own.
	Pixels Kind = iota
	// Features: the hypercolumns of a D.
	Features
)

var kindNames = [...]string{"pixels", "d-features"}

func (k Kind) String() string { return enum.Name(k, kindNames[:]) }

// ParseKind returns the kind of that name: pixels or d-features.
func ParseKind(name string) (Kind, error) { return enum.Parse[Kind]("score: kind", name, kindNames[:]) }

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}

// Info says what a scorer is and where it comes from. Zero values after Side
// mean that it is not known or does not apply.
type Info struct {
	Kind Kind `json:"kind"`
	// Concept is what is found, such as window.
	Concept string `json:"concept"`
	// Size and Channels are the images', Side is the grid's.
	Size     int `json:"size"`
	Channels int `json:"channels"`
	Side     int `json:"side"`
	// Layers are the net's: on images, or on hypercolumns.
	Layers model.Stack `json:"layers"`
	// DSHA256 identifies the D whose features it looks at.
	DSHA256 string `json:"d_sha256,omitempty"`
	// Command made it; Seed decided the random numbers.
	Command string `json:"command,omitempty"`
	Seed    uint64 `json:"seed"`
	// Steps of training, of a net on pixels.
	Steps int `json:"steps,omitempty"`
	// Pictures were learnt from, of that many Groups (photographs); List is
	// their fingerprint, and Half which half of a list they are.
	Pictures int    `json:"pictures,omitempty"`
	Groups   int    `json:"groups,omitempty"`
	List     string `json:"list,omitempty"`
	Half     string `json:"half,omitempty"`
	// Heldout is how well it did on pictures that it had not seen; nil if that
	// was not measured.
	Heldout *Report `json:"heldout,omitempty"`
}
