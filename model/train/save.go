package train

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"unsafe"

	"dcganviz/internal/plainjson"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// The files of a run's folder that a Trainer writes.
const (
	// ModelFile is the model so far, as checkpoint.Save writes it: the generator
	// (the moving average, if there is one) and D.
	ModelFile = "model.safetensors"
	// StateFile is all that the run needs to go on.
	StateFile = "state.safetensors"
)

// Entries of the state file's metadata, and the beginnings of its tensors'
// names. The names of a state dict follow "G.", "D." and "EMA.". The moments of Adam
// begin with "adam.G." and "adam.D." and end with "/m" and "/v". They are flat, in
// the order in which the kernels read the array of that name.
const (
	kindKey  = "dcganviz"
	kindName = "state 1"
	runKey   = "run"

	prefixG   = "G."
	prefixD   = "D."
	prefixEMA = "EMA."
	prefixOpt = "adam."
	// The digest of each picture that a step has seen, 0 for the others.
	prefixData = "data."
	sumsName   = prefixData + "sums"
	endM       = "/m"
	endV       = "/v"
)

// A Run is what the folder of a run says of it.
type Run struct {
	Config  model.Config `json:"config"`
	Options Options      `json:"options"` // with their defaults put in
	Data    Data         `json:"data"`
	Step    int          `json:"step"` // steps made
	// Adapt is where the probability of augmentation is, if it follows D.
	Adapt *Adaptation `json:"adapt,omitempty"`
	// Kernels is the class of the kernels that made the last of them, as Pool.Class
	// names it. Others give weights with other last bits. Empty of older runs.
	Kernels string `json:"kernels,omitempty"`
}

// Save writes ModelFile and StateFile to the folder dir, which must be there. A symbolic
// link in place of one is an error.
//
// Each is replaced in one step, and the state goes first: whatever interrupts
// Save, the folder holds a whole model and a whole state, each the old or the
// new one, and Resume needs only the state. A run that ended with an error,
// or whose weights are not finite, is not saved.
func (t *Trainer) Save(dir string) error {
	t.Generator() // settles the moving average
	if t.err != nil {
		return fmt.Errorf("train: nothing saved: %w", t.err)
	}
	tensors, err := t.state()
	if err != nil {
		return fmt.Errorf("train: nothing saved: %w", err)
	}
	run := Run{Config: t.cfg, Options: t.opt, Data: t.data, Step: t.step, Kernels: t.pool.Class()}
	if t.opt.AugmentTarget > 0 {
		run.Adapt = &t.adapt
	}
	text, err := plainjson.Marshal(run)
	if err != nil {
		return fmt.Errorf("train: nothing saved: %w", err)
	}
	meta := map[string]string{kindKey: kindName, runKey: string(text)}
	if err := safetensors.WriteFile(filepath.Join(dir, StateFile), dir, meta, tensors); err != nil {
		return err
	}
	// A run holds so much memory that the collector would wait until as much
	// again is garbage. What is left of each file is given back at once.
	runtime.GC()
	defer runtime.GC()
	return checkpoint.Save(filepath.Join(dir, ModelFile), t.Checkpoint(), checkpoint.SaveOptions{Within: dir})
}

// state returns the tensors of StateFile.
func (t *Trainer) state() ([]safetensors.Tensor, error) {
	var out []safetensors.Tensor
	add := func(s safetensors.Tensor, err error) error {
		out = append(out, s)
		return err
	}
	net := func(prefix string, state []model.NamedTensor) error {
		for _, s := range state {
			var err error
			switch {
			case s.Ints != nil:
				err = add(safetensors.New(prefix+s.Name, s.Shape, s.Ints))
			case !finite(s.Data):
				err = fmt.Errorf("%s is not finite", prefix+s.Name)
			default:
				err = add(view(prefix+s.Name, s.Shape, s.Data))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	errs := []error{net(prefixG, t.g.State()), net(prefixD, t.d.State())}
	if t.ema != nil {
		errs = append(errs, net(prefixEMA, t.ema.State()))
	}
	for name, moment := range t.moments() {
		if !finite(moment) {
			errs = append(errs, fmt.Errorf("%s is not finite", name))
			continue
		}
		errs = append(errs, add(view(name, []int{len(moment)}, moment)))
	}
	if sums, ok, err := t.sumsTensor(); ok {
		errs = append(errs, add(sums, err))
	}
	return out, errors.Join(errs...)
}

// view is safetensors.New for values that stay as they are until the tensor is
// written: where memory has the order of the file, it makes no copy. Those of
// all moments would take a tenth of what training does.
func view(name string, shape []int, values []float32) (safetensors.Tensor, error) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 || len(values) == 0 {
		return safetensors.New(name, shape, values)
	}
	const size = 4 // of a float32
	data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), size*len(values))
	return safetensors.Tensor{Name: name, DType: safetensors.F32, Shape: shape, Data: data}, nil
}

// moments goes through Adam's moments by the names of their tensors.
func (t *Trainer) moments() func(yield func(name string, moment []float32) bool) {
	return func(yield func(string, []float32) bool) {
		for _, o := range []struct {
			prefix string
			adam   *Adam
		}{{prefixOpt + prefixG, t.optG}, {prefixOpt + prefixD, t.optD}} {
			for i, p := range o.adam.params {
				if !yield(o.prefix+p.Name+endM, o.adam.m[i]) || !yield(o.prefix+p.Name+endV, o.adam.v[i]) {
					return
				}
			}
		}
	}
}
