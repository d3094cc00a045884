package checkpoint

import (
	"errors"
	"strings"
	"testing"
)

func TestMissingNetsAreNamed(t *testing.T) {
	g, d := trainedPair(t, checkpointConfigs[0])
	path := saveTemp(t, &Checkpoint{G: g}, SaveOptions{})
	c := must(Open(path, OpenOptions{BN: new(BatchStats)}))(t)
	if c.Title != path {
		t.Errorf("title %q, want the path", c.Title)
	}
	if got := must(c.Generator())(t); got != c.G {
		t.Error("another G")
	}
	if _, err := c.Discriminator(); !errors.Is(err, ErrUnsupported) || !strings.HasPrefix(err.Error(), path+" holds no D") {
		t.Errorf("no D: %v", err)
	}
	if !c.RunOptions(nil).BatchStats {
		t.Error("the statistics of the batch were asked for")
	}
	other := &Checkpoint{D: d, Title: "other"}
	if got := must(other.Discriminator())(t); got != d {
		t.Error("another D")
	}
	if _, err := other.Generator(); !errors.Is(err, ErrUnsupported) || err.Error() != "other holds no G, which draws the pictures" {
		t.Errorf("no G: %v", err)
	}
	if other.RunOptions(nil).BatchStats {
		t.Error("running statistics were asked for")
	}
}
