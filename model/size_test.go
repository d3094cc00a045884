package model

import "testing"

// TestSizes holds where the families' nets begin: the sizes of the paper and of
// pytorch/examples at 4, others at 4 to 7 unless one side is much longer.
func TestSizes(t *testing.T) {
	for size, want := range map[[2]int]start{
		{16, 16}: {4, 4, 2}, {28, 28}: {7, 7, 2}, {32, 32}: {4, 4, 3}, {64, 64}: {4, 4, 4}, {128, 128}: {4, 4, 5}, {256, 256}: {4, 4, 6},
		{48, 48}: {6, 6, 3}, {40, 40}: {5, 5, 3}, {8, 8}: {4, 4, 1}, {6, 6}: {3, 3, 1}, {224, 224}: {7, 7, 5},
		{96, 128}: {6, 8, 4}, {128, 96}: {8, 6, 4}, {64, 128}: {4, 8, 4}, {96, 256}: {3, 8, 5}, {24, 40}: {3, 5, 3}, {20, 16}: {5, 4, 2},
		{5, 5}: {}, {4, 4}: {}, {44, 44}: {}, {512, 512}: {}, {64, 192}: {}, {0, 0}: {}, {-64, -64}: {}, {33, 64}: {},
	} {
		got, ok := Config{}.Sized(size[0], size[1]).start()
		if got != want || ok != (want != start{}) {
			t.Errorf("%v begins at %v (%v), want %v", size, got, ok, want)
		}
	}
}

// TestEverySizeHasItsNets makes both nets of every size that there is and compares
// their images' shape.
func TestEverySizeHasItsNets(t *testing.T) {
	sizes := 0
	for _, arch := range []Arch{PyTorch, Paper} {
		for h := 1; h <= maxFamilySide+1; h++ {
			for w := 1; w <= maxFamilySide+1; w++ {
				cfg := Config{Arch: arch, Channels: 3, LatentDim: 2, GWidth: 1, DWidth: 1}.Sized(h, w)
				if cfg.Validate() != nil {
					continue
				}
				sizes++
				g, d := cfg.generatorLayers(), cfg.discriminatorLayers()
				last := &g[len(g)-1]
				if gh, gw, c := last.out(); gh != h || gw != w || c != 3 {
					t.Fatalf("%v %dx%d: G draws %dx%dx%d", arch, h, w, gh, gw, c)
				}
				if dh, dw, c := d[0].in(); dh != h || dw != w || c != 3 {
					t.Fatalf("%v %dx%d: D takes %dx%dx%d", arch, h, w, dh, dw, c)
				}
				for _, layers := range [][]layer{g, d} {
					for i := range layers[1:] {
						oh, ow, oc := layers[i].out()
						ih, iw, ic := layers[i+1].in()
						one := layers[i+1].geom
						one.N = 1
						if oh != ih || ow != iw || oc != ic || one.Validate() != nil {
							t.Fatalf("%v %dx%d: layer %d makes %dx%dx%d, the next takes %dx%dx%d", arch, h, w, i, oh, ow, oc, ih, iw, ic)
						}
					}
				}
			}
		}
	}
	// Starts of 3 to 8 by 3 to 8 are doubled 1 to 5 times. Two sides of 6 or 8 are 3 or
	// 4 that are doubled once more, which counts them twice at 1 to 4 doublings.
	if want := 2 * (5*6*6 - 4*2*2); sizes != want {
		t.Errorf("%d sizes, want %d", sizes, want)
	}
}
