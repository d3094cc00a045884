package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"dcganviz/internal/pth"
	"dcganviz/model"
)

// The keys under which WriteTorch writes two nets: the names that the training
// script of pytorch/examples has for them.
const (
	torchG = "netG"
	torchD = "netD"
)

// WriteTorch writes c as torch.save does, in a zip archive: the state dict of
// its only net, or a dict of both under netG and netD. torch.load reads it without
// running code of the file, and load_state_dict of the same net takes it.
//
// A state dict has no place for a Meta: layers' strides, the latents' law and
// all else is lost. A net without running statistics (HasRunningStats) is
// written without them. Batch norm without gains gets ones and zeros.
//
// Weights that are NaN or infinite are refused, and with Half those that a
// float16 cannot hold; w may have been written to then.
func WriteTorch(w io.Writer, c *Checkpoint, opt SaveOptions) error {
	var dicts []pth.NamedDict
	add := func(key string, n interface {
		Tensors() iter.Seq[model.NamedTensor]
		HasRunningStats() bool
	}) error {
		tensors, err := encodeTorch(n.Tensors(), n.HasRunningStats(), opt.Half)
		if err != nil {
			return fmt.Errorf("model: write: %s: %w", key, err)
		}
		dicts = append(dicts, pth.NamedDict{Key: key, Tensors: tensors})
		return nil
	}
	if c.G != nil {
		if err := add(torchG, c.G); err != nil {
			return err
		}
	}
	if c.D != nil {
		if err := add(torchD, c.D); err != nil {
			return err
		}
	}
	switch len(dicts) {
	case 0:
		return errors.New("model: write: neither a G nor a D")
	case 1:
		return pth.WriteZip(w, dicts[0].Tensors)
	}
	return pth.WriteZipDicts(w, dicts)
}

// encodeTorch returns a net's state dict, of running statistics only where asked.
func encodeTorch(tensors iter.Seq[model.NamedTensor], statistics, half bool) (out []pth.NamedTensor, err error) {
	for t := range tensors {
		if !statistics && isStatistic(t.Name) {
			continue
		}
		var x pth.NamedTensor
		if t.Ints != nil {
			x, err = pth.New(t.Name, t.Shape, t.Ints)
		} else if err = t.CheckFinite(); err != nil {
			return nil, err
		} else if half && halved(&t) {
			x, err = pth.NewHalf(t.Name, t.Shape, t.Data)
		} else {
			x, err = pth.New(t.Name, t.Shape, t.Data)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// isStatistic reports a name of what batch norm gathers.
func isStatistic(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "running_mean", "running_var", "num_batches_tracked":
		return true
	}
	return false
}
