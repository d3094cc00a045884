package model

import (
	"errors"
	"fmt"
	"io"

	"dcganviz/internal/pth"
)

// The keys under which WriteTorch writes two nets: the names that the training
// script of pytorch/examples has for them.
const (
	torchG = "netG"
	torchD = "netD"
)

// WriteTorch writes c as torch.save does, in a zip archive: the state dict of
// its only net, or a dict of both under netG and netD. torch.load needs to run
// none of the file's code for it, and load_state_dict of the same net takes it.
//
// A state dict has no place for a Meta: layers' strides, the latents' law and
// all else is lost. A net without running statistics (HasRunningStats) is
// written without them. Batch norm without gains gets ones and zeros.
//
// Weights that are NaN or infinite are refused, and with Half those that a
// float16 cannot hold; w may have been written to then.
func WriteTorch(w io.Writer, c *Checkpoint, opt SaveOptions) error {
	var dicts []pth.NamedDict
	add := func(key string, n *net) error {
		tensors, err := n.encodeTorch(opt.Half)
		if err != nil {
			return fmt.Errorf("model: write: %s: %w", key, err)
		}
		dicts = append(dicts, pth.NamedDict{Key: key, Tensors: tensors})
		return nil
	}
	if c.G != nil {
		if err := add(torchG, c.G.net); err != nil {
			return err
		}
	}
	if c.D != nil {
		if err := add(torchD, c.D.net); err != nil {
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

// encodeTorch returns the net's state dict.
func (n *net) encodeTorch(half bool) (out []pth.NamedTensor, err error) {
	var disk []float32
	statistics := n.HasRunningStats()
	for _, e := range n.entries() {
		if e.statistic && !statistics {
			continue
		}
		var t pth.NamedTensor
		if e.count != nil {
			t, err = pth.New(e.name, e.shape, []int64{*e.count})
		} else if err = e.copyTo(&disk, e.name); err != nil {
			return nil, err
		} else if half && e.halved() {
			t, err = pth.NewHalf(e.name, e.shape, disk)
		} else {
			t, err = pth.New(e.name, e.shape, disk)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
