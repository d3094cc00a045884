package main

import (
	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
)

// inspectCmd says what a model is.
type inspectCmd struct {
	modelFlag
	Stats bool `group:"Output" help:"Read the data too: statistics of every tensor, and the SHA-256. Without it only what a file of this program says of itself is read, and its data not checked."`
	JSON  bool `group:"Output" name:"json" help:"Print the result as JSON."`
}

func (*inspectCmd) examples() []string {
	return []string{"dcganviz inspect", "dcganviz inspect runs/mine --stats", "dcganviz inspect runs/mine/epoch-0001.safetensors --json"}
}

// inspected is what inspect answers.
type inspected struct {
	Model      string `json:"model"`
	Format     string `json:"format"`
	Bytes      int    `json:"bytes"`
	SHA256     string `json:"sha256,omitempty"` // with --stats
	DiscSHA256 string `json:"disc_sha256,omitempty"`
	// Meta, G and D are null where the nets cannot be run, for the reason
	// CannotRun.
	Meta      *checkpoint.Meta `json:"meta"`
	G         *netFigures      `json:"g"`
	D         *netFigures      `json:"d"`
	CannotRun string           `json:"cannot_run,omitempty"`
	// Run is what a run's folder says besides.
	Run        *train.Run    `json:"run,omitempty"`
	StateDicts []dictFigures `json:"state_dicts"`
}

type netFigures struct {
	Parameters int            `json:"parameters"`
	Layers     []layerFigures `json:"layers"`
}

type layerFigures struct {
	Name        string           `json:"name"`
	Height      int              `json:"height"`
	Width       int              `json:"width"`
	Channels    int              `json:"channels"`
	Kernel      int              `json:"kernel"`
	KernelWidth int              `json:"kernel_width"`
	Stride      int              `json:"stride"`
	Transposed  bool             `json:"transposed"`
	Upsample    int              `json:"upsample,omitempty"`
	Upsampling  model.Upsampling `json:"upsampling,omitzero"`
	BatchNorm   bool             `json:"batch_norm"`
	Activation  string           `json:"activation"`
	Parameters  int              `json:"parameters"`
}

type dictFigures struct {
	Disc    bool            `json:"disc,omitempty"`   // it is in the file of --disc
	Path    string          `json:"path"`             // in the file
	Prefix  string          `json:"prefix,omitempty"` // of all names, left out
	Net     string          `json:"net,omitempty"`    // G or D
	NoNet   string          `json:"no_net,omitempty"` // why it can be neither
	Numbers int             `json:"numbers"`
	Tensors []tensorFigures `json:"tensors"`
}

type tensorFigures struct {
	Name   string                  `json:"name"`
	DType  string                  `json:"dtype"`
	Shape  []int                   `json:"shape"`
	Stats  *checkpoint.TensorStats `json:"stats,omitempty"`
	Unread string                  `json:"unread,omitempty"`
}

func figuresOf(layers []model.LayerInfo) *netFigures {
	if layers == nil {
		return nil
	}
	n := new(netFigures)
	for _, l := range layers {
		n.Layers = append(n.Layers, layerFigures(l))
		n.Parameters += l.Parameters
	}
	return n
}

func dictsOf(dicts []checkpoint.SurveyDict) []dictFigures {
	all := make([]dictFigures, 0, len(dicts))
	for _, d := range dicts {
		f := dictFigures{Disc: d.File == 1, Path: d.Path, Prefix: d.Prefix, Net: d.Net, NoNet: d.Why}
		for _, t := range d.Tensors {
			f.Numbers += t.Len()
			f.Tensors = append(f.Tensors, tensorFigures{t.Name, t.DType, append([]int{}, t.Shape...), t.Stats, t.Unread})
		}
		all = append(all, f)
	}
	return all
}

func (c *inspectCmd) Run(e *env) error {
	p, err := c.find()
	if err != nil {
		return err
	}
	s, err := c.survey(p)
	if err != nil {
		return err
	}
	a := inspected{
		Model: p.Title, Format: s.Format, Bytes: s.Bytes, SHA256: s.SHA256, DiscSHA256: s.DiscSHA256,
		G: figuresOf(s.G), D: figuresOf(s.D), StateDicts: dictsOf(s.Dicts),
	}
	if s.Why == nil {
		a.Meta = &s.Meta
	} else {
		a.CannotRun = oneLine(ambiguous(p.Title, s.Why))
	}
	if p.Folder != "" {
		// A model without its state can be inspected all the same.
		if run, err := train.ReadRun(p.Folder); err == nil {
			a.Run = &run
		}
	}
	for _, n := range s.Notes {
		e.note("%s: %s", p.Title, n)
	}
	noteReadings(e, p.Title, s.Told.Readings)
	if c.JSON {
		return e.json(a)
	}
	a.print(e)
	return nil
}

func (c *inspectCmd) survey(p figure.Place) (*checkpoint.Survey, error) {
	if p.Name == "" {
		return checkpoint.Inspect(p.Path, c.Options(), c.Stats)
	}
	return zoo.Inspect(p.Name, c.Options(), c.Stats)
}
