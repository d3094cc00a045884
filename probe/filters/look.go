package filters

import (
	"context"

	"dcganviz/model"
	"dcganviz/probe"
)

// A Report is all that Look measured.
type Report struct {
	// Layer is where the units are, of Height x Width places and Channels
	// units; FieldHeight x FieldWidth pixels is the receptive field of a place
	// that no border cuts.
	Layer       string `json:"layer"`
	Height      int    `json:"height"`
	Width       int    `json:"width"`
	Channels    int    `json:"channels"`
	FieldHeight int    `json:"field_height"`
	FieldWidth  int    `json:"field_width"`
	Rule        Rule   `json:"rule"`
	Leak        Leak   `json:"leak"`
	// Images is how many the responses were sought in.
	Images int `json:"images"`
	// Trained is D. Untrained are UntrainedNets nets of its shape, of random weights: the
	// units and the panel are of the first, the measures of the maps of all.
	Trained       Net    `json:"trained"`
	Untrained     Net    `json:"untrained"`
	UntrainedNets int    `json:"untrained_nets"`
	Sanity        Sanity `json:"sanity"`
}

// A Net is the largest responses of a net's units, and what their maps are like.
type Net struct {
	Units []Responses `json:"units"`
	Maps  Measures    `json:"maps"`
}

// A Result is a report and the maps that it is about.
type Result struct {
	Report             Report
	Trained, Untrained Panel
}

// Look finds the largest responses of D's units in images, [N, H, W, C], takes
// them back to the images, and does both for the controls. D is not modified.
//
// A response is a unit's activation (after batch norm and activation function)
// at the place where it is largest in an image. Fewer images than Options.Top
// give as many maps.
//
// The Masks of run hold for D and not for the untrained nets. Edits have no
// gradient, and BatchStats would let images see each other: both are refused.
func Look(ctx context.Context, d *model.D, images model.Tensor, run model.RunOptions, opt Options) (*Result, error) {
	s, err := newSubject(d, run, opt)
	if err != nil {
		return nil, err
	}
	if images.Len() == 0 {
		return nil, probe.Input("filters: no images, want at least one")
	}
	done, parts := 0, 1+s.opt.Draws*(2*s.layer+2)
	next := func(what string) {
		s.opt.Say(what, done, parts)
		done++
	}
	st := &Result{}
	r := &st.Report
	r.Layer, r.Height, r.Width, r.Channels = s.info.Name, s.info.Height, s.info.Width, s.info.Channels
	r.FieldHeight, r.FieldWidth = s.fields.full(s.layer)
	r.Rule, r.Leak, r.Images = s.opt.Rule, s.opt.Leak, images.Len()
	next("looking for responses")
	var own described
	if st.Trained, own, err = s.look(ctx, d, s.run, images, &r.Trained); err != nil {
		return nil, err
	}
	perUnit := len(st.Trained.Units) / len(s.units)
	r.Trained.Maps = measuresOf([]described{own}, perUnit, s.opt.Seed)
	fresh := make([][]model.NamedTensor, s.opt.Draws)
	for i := range fresh {
		net, err := model.NewD(d.Config(), s.opt.Seed+uint64(i))
		if err != nil {
			return nil, err
		}
		fresh[i] = net.State()
	}
	u := s.untrainer(images)
	untrained := make([]described, len(fresh))
	for i := range fresh {
		next("untrained nets")
		net, err := u.untrained(ctx, fresh[i], 0, s.layer)
		if err != nil {
			return nil, err
		}
		var is Net
		var panel Panel
		if panel, untrained[i], err = s.look(ctx, net, s.plainRun(), images, &is); err != nil {
			return nil, err
		}
		if i == 0 {
			r.Untrained, st.Untrained = is, panel
		}
	}
	r.UntrainedNets, r.Untrained.Maps = len(fresh), measuresOf(untrained, perUnit, s.opt.Seed)
	if r.Sanity, err = s.sanity(ctx, u, fresh, &st.Trained, s.methods(ctx), next); err != nil {
		return nil, err
	}
	next("done")
	return st, nil
}

// look finds a net's responses and their maps.
func (s *subject) look(ctx context.Context, net *model.D, run model.RunOptions, images model.Tensor, out *Net) (Panel, described, error) {
	units, err := s.respond(ctx, net, run, images)
	if err != nil {
		return Panel{}, described{}, err
	}
	p := panel(units, images)
	if p.Maps, err = s.maps(ctx, net, run, &p, s.opt.Rule); err != nil {
		return Panel{}, described{}, err
	}
	out.Units = units
	return p, describe(&p, units), nil
}
