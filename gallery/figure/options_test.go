package figure

import (
	"errors"
	"slices"
	"testing"

	"dcganviz/probe"
)

type inner struct {
	Seed uint64 `default:"7"`
	Z    string `name:"z" recipe:"input"`
}

type someSettings struct {
	Mode string `default:"lerp" enum:"lerp,slerp"`
	inner
	GIF      bool
	MaxSteps *int
	At       []int
	Region   []string `sep:"none"`
	Range    *Span
	Reach    float64     `default:"1.5"`
	Net      someSubNets `kong:"embed,prefix='g-'"`
	hidden   int         //lint:ignore U1000 that no option is made of it
}

type someSubNets struct{ Strides []int }

func TestOptionsHaveTheNamesOfFlags(t *testing.T) {
	var names []string
	for _, o := range Options(new(someSettings)) {
		names = append(names, o.Name)
	}
	if want := []string{"mode", "seed", "z", "gif", "max-steps", "at", "region", "range", "reach", "g-strides"}; !slices.Equal(names, want) {
		t.Errorf("options %q, want %q", names, want)
	}
}

// TestFillTakesWhatArgsGive: there and back keeps every value.
func TestFillTakesWhatArgsGive(t *testing.T) {
	args := []string{"--mode=slerp", "--seed=18446744073709551615", "--z=a b.npy", "--gif", "--max-steps=0", "--at=3,1,2", "--region=0,0,1,2", "--region=3,4,5,6", "--range=-2,2.5", "--reach=0.1", "--g-strides=2,1"}
	s := new(someSettings)
	setDefaults(s)
	if s.Mode != "lerp" || s.Seed != 7 || s.Reach != 1.5 {
		t.Errorf("defaults %+v", s)
	}
	if err := Fill(s, args); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range Options(s) {
		a, err := o.Args()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a...)
	}
	if !slices.Equal(got, args) {
		t.Errorf("got back %q, want %q", got, args)
	}
	if err := Fill(s, []string{"--no-gif"}); err != nil || s.GIF {
		t.Errorf("--no-gif: %v, %v", s.GIF, err)
	}
}

func TestFillRefuses(t *testing.T) {
	for _, bad := range []string{"--none=1", "mode=lerp", "--mode=arc", "--seed=-1", "--seed=x", "--seed", "--gif=true", "--max-steps=1.5", "--reach=many", "--range=1", "--at=1,,2", "--hidden=1"} {
		if err := Fill(new(someSettings), []string{bad}); !errors.Is(err, probe.ErrInput) {
			t.Errorf("%q: %v, want an error of input", bad, err)
		}
	}
}
