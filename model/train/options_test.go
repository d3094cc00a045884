package train

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestOptionsZeroIsThePaper(t *testing.T) {
	got, err := Options{}.filled()
	if err != nil {
		t.Fatal(err)
	}
	want := Options{Batch: 128, Rate: 2e-4, RateD: 2e-4, Beta1: 0.5, Beta2: 0.999, Eps: 1e-8}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestOptionsAreStable(t *testing.T) {
	o := SmallData()
	o.Batch, o.Rate, o.Flips, o.NoMomentum = 64, 1e-3, true, true
	o.AugmentTarget, o.Brightness, o.FallFrom, o.FallTo = 0.6, 0.2, 10, 20
	filled, err := o.filled()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := filled.filled(); err != nil || again != filled {
		t.Errorf("filled twice: %+v, %v; want %+v", again, err, filled)
	}
	if filled.Beta1 != 0 {
		t.Errorf("beta1 %g, want 0 without momentum", filled.Beta1)
	}
	if filled.RateD != 1e-3 {
		t.Errorf("rate of D %g, want that of G", filled.RateD)
	}
	text, err := json.Marshal(filled)
	if err != nil {
		t.Fatal(err)
	}
	var read Options
	if err := json.Unmarshal(text, &read); err != nil || read != filled {
		t.Errorf("%s reads as %+v, %v", text, read, err)
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	for says, o := range map[string]Options{
		"batch of 1":                     {Batch: 1},
		"batch of -5":                    {Batch: -5},
		"batch of 99999":                 {Batch: 99999},
		"learning rate -1":               {Rate: -1},
		"learning rate NaN":              {Rate: math.NaN()},
		"learning rate of D 2":           {RateD: 2},
		"beta1 1":                        {Beta1: 1},
		"beta1 0.5 and no momentum":      {Beta1: 0.5, NoMomentum: true},
		"beta2 -0.5":                     {Beta2: -0.5},
		"epsilon of Adam +Inf":           {Eps: math.Inf(1)},
		"weight decay 1":                 {WeightDecay: 1},
		"label smoothing 0.5":            {LabelSmoothing: 0.5},
		"decay of the moving average 1,": {EMA: 1},
		"Augment(0x80)":                  {Augment: 128},
		"probability of augmentation -1": {Augment: Color, AugmentChance: -1},
		"probability of augmentation 2,": {Augment: Color, AugmentChance: 2},
		"0.5 and a target 0.6":           {Augment: Color, AugmentChance: 0.5, AugmentTarget: 0.6},
		"target of the augmentation 1":   {Augment: Color, AugmentTarget: 1},
		"but no augmentation":            {AugmentTarget: 0.6},
		"brightness NaN":                 {Augment: Color, Brightness: math.NaN()},
		"no augmentation of colour":      {Augment: Translation, Brightness: 0.2},
		"border -2":                      {Augment: Translation, Border: -2},
		"but no translation":             {Augment: Color, Border: -1},
		"from step 5 to 5":               {FallFrom: 5, FallTo: 5},
		"from step -1 to 5":              {FallFrom: -1, FallTo: 5},
	} {
		if _, err := o.filled(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want an error with %q", o, err, says)
		}
	}
}
