package train

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"dcganviz/internal/refuse"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// compare reports the first thing that t has otherwise than the run.
func (r *Run) compare(t *Trainer) error {
	for _, pair := range []struct {
		what       string
		began, now any
	}{{"nets", r.Config, t.cfg}, {"options", r.Options, t.opt}, {"data", r.Data, t.data}} {
		began, now := reflect.ValueOf(pair.began), reflect.ValueOf(pair.now)
		for i := range began.NumField() {
			name, _, _ := strings.Cut(began.Type().Field(i).Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			if (name == "fall_from" || name == "fall_to") && r.Options.sameSoFar(t.opt, r.Step) {
				continue
			}
			if b, n := began.Field(i).Interface(), now.Field(i).Interface(); b != n {
				return fmt.Errorf("%s: %s %v, want %v: %w", pair.what, name, n, b, ErrChanged)
			}
		}
	}
	return nil
}

// restore gives t the nets and moments in f, whose metadata were checked. It
// allocates the nets and the memory of a batch only after it has found all their
// tensors in the file: a small file must not claim much memory.
func (t *Trainer) restore(f *safetensors.File, src Source) (err error) {
	given := make(map[string][]*safetensors.Tensor)
	for i := range f.Tensors {
		prefix, _, _ := strings.Cut(f.Tensors[i].Name, ".")
		given[prefix+"."] = append(given[prefix+"."], &f.Tensors[i])
	}
	take := func(prefix string) []*safetensors.Tensor {
		defer delete(given, prefix)
		return given[prefix]
	}
	if t.g, err = model.NewGFrom(t.cfg, prefixG, safetensors.NewDict(take(prefixG))); err != nil {
		return refuseNet(err)
	}
	if t.d, err = model.NewDFrom(t.cfg, prefixD, safetensors.NewDict(take(prefixD))); err != nil {
		return refuseNet(err)
	}
	if t.opt.EMA > 0 {
		if t.ema, err = model.NewGFrom(t.cfg, prefixEMA, safetensors.NewDict(take(prefixEMA))); err != nil {
			return refuseNet(err)
		}
	}
	t.optimisers()
	if err := t.restoreMoments(take(prefixOpt)); err != nil {
		return err
	}
	t.sums = make([]uint64, t.data.Images)
	if err := t.restoreSums(take(prefixData)); err != nil {
		return err
	}
	for _, prefix := range slices.Sorted(maps.Keys(given)) {
		return refuse.Of(checkpoint.ErrRefused, "tensor %.80q, want no %.40s of this run", given[prefix][0].Name, prefix)
	}
	return t.assemble(src)
}

func (t *Trainer) restoreMoments(tensors []*safetensors.Tensor) error {
	given := make(map[string]*safetensors.Tensor)
	for _, x := range tensors {
		given[x.Name] = x
	}
	for name, moment := range t.moments() {
		x := given[name]
		if x == nil {
			return refuse.Of(checkpoint.ErrRefused, "no tensor %q of shape [%d]", name, len(moment))
		}
		if err := restoreMoment(moment, x); err != nil {
			return err
		}
		delete(given, name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return refuse.Of(checkpoint.ErrRefused, "tensor %.80q of shape %v is no moment of this run", name, given[name].Shape)
	}
	return nil
}

func restoreMoment(dst []float32, x *safetensors.Tensor) error {
	if !slices.Equal(x.Shape, []int{len(dst)}) {
		return refuse.Of(checkpoint.ErrRefused, "tensor %q: shape %v, want [%d]", x.Name, x.Shape, len(dst))
	}
	if err := x.Float32sInto(dst); err != nil {
		return err
	}
	for i, v := range dst {
		if v-v != 0 || v < 0 && strings.HasSuffix(x.Name, endV) {
			return refuse.Of(checkpoint.ErrRefused, "tensor %q: value %d is %v, want a finite moment, a second one not below 0", x.Name, i, v)
		}
	}
	return nil
}

// finite reports whether x holds neither NaN nor an infinity.
func finite(x []float32) bool {
	return !slices.ContainsFunc(x, func(v float32) bool { return v-v != 0 })
}

// refuseNet makes an error of a net's tensors one about a file.
func refuseNet(err error) error {
	if errors.Is(err, safetensors.ErrUnsupported) {
		return err
	}
	return refuse.WithKind(err, checkpoint.ErrRefused)
}

// classify makes an error of the file format also one of package checkpoint's kinds.
func classify(err error) error {
	switch {
	case errors.Is(err, safetensors.ErrUnsupported):
		return refuse.WithKind(err, checkpoint.ErrUnsupported)
	case errors.Is(err, safetensors.ErrCorrupt), errors.Is(err, safetensors.ErrTooLarge):
		return refuse.WithKind(err, checkpoint.ErrRefused)
	}
	return err
}
