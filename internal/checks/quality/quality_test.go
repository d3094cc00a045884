package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func of(kids ...float64) (out []likeness) {
	for _, v := range kids {
		var k likeness
		k.Whole.KID.Value = v
		out = append(out, k)
	}
	return out
}

func TestTheSpreadIsTheStandardDeviation(t *testing.T) {
	mean, spread := spreadOf(of(1, 2, 4))
	if math.Abs(mean-7.0/3) > 1e-12 || math.Abs(spread-math.Sqrt(7.0/3)) > 1e-12 {
		t.Errorf("mean %v ± %v, want 2.333 ± 1.528", mean, spread)
	}
}

func TestNoWorseIsWithinThePeersSpread(t *testing.T) {
	theirs := of(1, 2, 3) // 2 ± 1
	for _, c := range []struct {
		mine float64
		want bool
	}{{1, true}, {3, true}, {3.01, false}, {math.NaN(), false}} {
		if got := noWorse(of(c.mine, c.mine), theirs); got != c.want {
			t.Errorf("%v against 2 ± 1: %v, want %v", c.mine, got, c.want)
		}
	}
}

func TestTableReadsWhatScoreKIDPrints(t *testing.T) {
	var k likeness
	if err := json.Unmarshal([]byte(`{"whole": {"real": 8, "kid": {"value": 1.5, "se": 0.1}, "precision": 0.75, "recall": 0.5}}`), &k); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	table(&b, [][]likeness{{k, k}})
	if want := "| dcganviz train | 1.50, 1.50 | 1.50 ± 0.00 | 0.75 | 0.50 |\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("the table ends in %q, want %q", b.String(), want)
	}
}
