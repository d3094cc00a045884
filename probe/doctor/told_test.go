package doctor

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// TestNoFalseAlarm examines the pairs in the folder $DCGANVIZ_TOLD, which told.py and
// critics.py of model/checkpoint filled: nothing is wrong with any. What no statistics
// tell is asked for: the slope of a D of slope 0.01, and instance norm.
func TestNoFalseAlarm(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_TOLD")
	if dir == "" {
		t.Skip("DCGANVIZ_TOLD names no folder that told.py filled")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.pth"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no nets in %s: %v", dir, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".pth"), func(t *testing.T) {
			opt := checkpoint.OpenOptions{}
			switch {
			case strings.Contains(path, "slight"):
				opt.D.Slope = []float64{.01}
			case strings.Contains(path, "instance"):
				opt.D.Norms = []checkpoint.Norms{checkpoint.InstanceNorms}
			}
			c, err := checkpoint.Open(path, opt)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Examine(context.Background(), c, model.RunOptions{}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				if f.Verdict == Doubtful || f.Verdict == Wrong {
					t.Errorf("%s is %v: %s", f.Check, f.Verdict, f.Evidence)
				}
			}
		})
	}
}
