package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAUCCountsPairs compares with the definition: a loop over all pairs.
func TestAUCCountsPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 200
	scores, labels, groups := make([]float32, n), make([]float32, n), make([]int, n)
	for i := range n {
		labels[i] = float32(r.IntN(2))
		scores[i] = float32(r.IntN(10)) + 2*labels[i] // many are equal
		groups[i] = 100 * (i / 10)                    // numbers need not be dense
	}
	labels[3] = float32(math.NaN())
	var pairs, won float64
	for i := range n {
		for j := range n {
			if labels[i] == 1 && labels[j] == 0 {
				pairs++
				switch {
				case scores[i] > scores[j]:
					won++
				case scores[i] == scores[j]:
					won += .5
				}
			}
		}
	}
	got, err := AUC(scores, labels, groups, 1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Mean-won/pairs) > 1e-12 {
		t.Errorf("AUC %v, want %v", got.Mean, won/pairs)
	}
	if !(got.Lo < got.Mean && got.Mean < got.Hi && got.Hi < 1) {
		t.Errorf("interval %v", got)
	}
	// The labels are independent of the groups, so the interval is that of n
	// items: Hanley & McNeil 1982 (doi:10.1148/radiology.143.1.7063747).
	a := got.Mean
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	m := float64(n) / 2
	se := math.Sqrt((a*(1-a) + (m-1)*(q1-a*a) + (m-1)*(q2-a*a)) / (m * m))
	if width := got.Hi - got.Lo; !(width > 2.5*se && width < 5.5*se) {
		t.Errorf("interval %v wide, want about %v", width, 2*1.96*se)
	}
	again, _ := AUC(scores, labels, groups, 1)
	other, _ := AUC(scores, labels, groups, 2)
	if again != got || other == got || other.Mean != got.Mean {
		t.Errorf("seed 1 twice: %v, %v; seed 2: %v", got, again, other)
	}
}

// TestAUCIntervalIsOfGroups: one group of copies says no more than one item.
func TestAUCIntervalIsOfGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var scores, labels []float32
	var grouped, alone []int
	for g := range 30 {
		y := float32(g % 2)
		s := float32(r.NormFloat64()) + y
		for range 20 {
			scores, labels = append(scores, s), append(labels, y)
			grouped, alone = append(grouped, g), append(alone, len(alone))
		}
	}
	a, err := AUC(scores, labels, grouped, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := AUC(scores, labels, alone, 1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Mean != b.Mean || !(a.Hi-a.Lo > 3*(b.Hi-b.Lo)) {
		t.Errorf("by groups %v, by items %v, want a wider interval of one mean", a, b)
	}
}

func TestAUCOfExtremes(t *testing.T) {
	groups := []int{0, 1, 2, 3}
	for _, c := range []struct {
		scores, labels []float32
		want           float64
	}{
		{[]float32{1, 2, 3, 4}, []float32{0, 0, 1, 1}, 1},
		{[]float32{1, 2, 3, 4}, []float32{1, 1, 0, 0}, 0},
		{[]float32{5, 5, 5, 5}, []float32{1, 0, 0, 1}, .5},
	} {
		if got, err := AUC(c.scores, c.labels, groups, 1); err != nil || got.Mean != c.want {
			t.Errorf("%v: %v, %v, want %v", c, got, err, c.want)
		}
	}
	nan := float32(math.NaN())
	for _, c := range [][2][]float32{
		{{1, 2, 3, 4}, {0, 0, 0, 0}}, {{1, 2, 3, 4}, {1, 1, 1, nan}}, {{1, nan, 3, 4}, {1, 0, 1, 0}}, {{1}, {1}}, {nil, nil},
	} {
		if _, err := AUC(c[0], c[1], groups[:len(c[0])], 1); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
	if _, err := AUC([]float32{1, 2}, []float32{0, 1}, groups, 1); err == nil {
		t.Error("groups of others: no error")
	}
}
