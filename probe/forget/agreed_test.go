package forget

import (
	"math"
	"testing"

	"dcganviz/model"
	"dcganviz/probe/score"
)

// TestAgreedIsMeanOfLogits, of an image and its mirror image.
func TestAgreedIsMeanOfLogits(t *testing.T) {
	x := model.NewTensor(2, 4, 6, 3)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i)))
	}
	turned := x.Clone()
	mirror(turned)
	if turned.Data[0] != x.Data[15] || turned.Data[17] != x.Data[2] {
		t.Fatalf("mirrored row %v of %v", turned.Data[:18], x.Data[:18])
	}
	v := bright{2}
	both := scores(t, Agreed(v, opposite{v}), x)
	// 1 - p keeps few digits of a p near 0.
	const digits = 1e-3
	for i, p := range both.Data {
		if !(math.Abs(float64(p)-.5) <= digits) {
			t.Errorf("[%d] = %v of two that contradict each other, want 0.5", i, p)
		}
	}
	one, other := scores(t, Agreed(v), x), scores(t, Agreed(v), turned)
	mirror(other)
	plain, back := scores(t, v, x), scores(t, v, turned)
	mirror(back)
	for i := range one.Data {
		want := model.Sigmoid((float64(logit(plain.Data[i])) + float64(logit(back.Data[i]))) / 2)
		if one.Data[i] != other.Data[i] || !(math.Abs(float64(one.Data[i])-want) <= 1e-6) {
			t.Errorf("[%d] = %v, of the mirror image %v, want %v", i, one.Data[i], other.Data[i], want)
		}
	}
}

// opposite is sure of what another doubts.
type opposite struct{ v score.Viewer }

func (o opposite) Scores(x model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	out, err := o.v.Scores(x, opt)
	for i, p := range out.Data {
		out.Data[i] = 1 - p
	}
	return out, err
}

func scores(t *testing.T, v score.Viewer, x model.Tensor) model.Tensor {
	t.Helper()
	out, err := v.Scores(x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
