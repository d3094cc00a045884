package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestNetsOf(t *testing.T) {
	got, err := netsOf("32:1,128:7")
	if err != nil || len(got) != 2 || got[1] != (net{128, 7}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, list := range []string{"", "32", "32:x", "0:1", "32:-1"} {
		if _, err := netsOf(list); err == nil {
			t.Errorf("%q was taken", list)
		}
	}
}

// TestTableReadsWhatForgetPrints: a row, and a line for each concept.
func TestTableReadsWhatForgetPrints(t *testing.T) {
	var rows []row
	for i, text := range []string{
		`{"dropped": {"of": 64}, "rule": {"probes": [{"units": 25}, {"units": 28}], "removed": {"mean": 0.25, "lo": 0.125, "hi": 0.5}, "scorer_removed": {"mean": 0.31}},
		  "random": {"removed": {"mean": 0.04, "sd": 0.1}, "p": 0.05}, "damage_matched": {"removed": {"mean": 0.02, "sd": 0.09}, "p": 0.2}}`,
		`{"dropped": {"of": 64}, "rule": {"probes": [{"units": 30}], "removed": {"mean": 0.75, "lo": 0.7, "hi": 0.8}}, "random": {"removed": {"mean": 0.06}, "p": 0.01}, "damage_matched": {"p": 0.01}}`,
	} {
		var r row
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		r.net, r.Concept = net{32, i + 1}, "window"
		rows = append(rows, r)
	}
	var b strings.Builder
	table(&b, rows)
	for _, want := range []string{
		"| 32 | 1 | window | 26 of 64 | 25% (12 to 50) | 31% | 4% ± 10 | 0.050 | 2% ± 9 | 0.200 |\n",
		"window: over 2 nets the rule removes 50% ± 35, random maps 5%; p is at most 0.05 in 2, beside maps of like damage in 1.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	// The numbers that are kept read back.
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	var again []row
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	var c strings.Builder
	if table(&c, again); c.String() != b.String() {
		t.Errorf("read back:\n%s", c.String())
	}
}
