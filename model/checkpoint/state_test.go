package checkpoint

import (
	"bytes"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestWriteStateOfAMapper writes the state dict of a mapper and makes a mapper of
// what is read.
func TestWriteStateOfAMapper(t *testing.T) {
	stack := must(model.NewStack(
		model.LayerSpec{Kind: model.Conv2D, Channels: 4, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Norm: model.ChannelNorm,
			Activation: model.LeakyReLU, Slope: .2, Module: "a", NormModule: "na"},
		model.LayerSpec{Kind: model.ConvTranspose2D, Channels: 3, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Norm: model.ChannelNorm,
			Activation: model.LeakyReLU, Slope: .2, Module: "c", NormModule: "nc"},
		model.LayerSpec{Kind: model.Conv2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Padding: 1, Bias: true, Module: "d"},
	))(t)
	m := must(model.NewGridNet(16, 2, stack, 5))(t)
	var file bytes.Buffer
	if err := WriteState(&file, map[string]string{"a": "b"}, "net.", m.Tensors(), SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	f := must(safetensors.Parse(file.Bytes()))(t)
	if f.Metadata["a"] != "b" {
		t.Errorf("metadata %v", f.Metadata)
	}
	dict := func(from int) *safetensors.Dict {
		var all []*safetensors.Tensor
		for i := range f.Tensors[from:] {
			all = append(all, &f.Tensors[from+i])
		}
		return safetensors.NewDict(all)
	}
	back := must(model.NewGridNetFrom(16, 2, m.Stack(), "net.", dict(0)))(t)
	sameState(t, "grid net", back.State(), m.State(), equalBits)
	for what, c := range map[string]struct {
		try  func() error
		says string
	}{
		"a tensor less": {func() error { _, err := model.NewGridNetFrom(16, 2, m.Stack(), "net.", dict(1)); return err }, `no tensor "net.a.weight"`},
		"another size":  {func() error { _, err := model.NewGridNetFrom(16, 3, m.Stack(), "net.", dict(0)); return err }, "shape"},
		"no layers":     {func() error { _, err := model.NewGridNetFrom(16, 2, model.Stack{}, "net.", dict(0)); return err }, "no layers"},
	} {
		if err := c.try(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error with %s", what, err, c.says)
		}
	}
	m.Params()[0].W[0] = float32(1e5)
	if err := WriteState(&file, nil, "net.", m.Tensors(), SaveOptions{Half: true}); err == nil || !strings.Contains(err.Error(), "half precision") {
		t.Errorf("beyond half: %v", err)
	}
}
