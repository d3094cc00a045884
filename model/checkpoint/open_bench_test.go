package checkpoint

import (
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/pth"
	"dcganviz/model"
)

// writePTH writes a net's state dict as PyTorch does.
func writePTH(t testing.TB, dicts map[string][]model.NamedTensor, order ...string) string {
	t.Helper()
	var all []pth.NamedDict
	for _, key := range order {
		d := pth.NamedDict{Key: key}
		for _, e := range dicts[key] {
			var x pth.NamedTensor
			var err error
			if e.Ints != nil {
				x, err = pth.New(e.Name, e.Shape, e.Ints)
			} else {
				x, err = pth.New(e.Name, e.Shape, e.Data)
			}
			if err != nil {
				t.Fatal(err)
			}
			d.Tensors = append(d.Tensors, x)
		}
		all = append(all, d)
	}
	path := filepath.Join(t.TempDir(), "net.pth")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if len(all) == 1 && all[0].Key == "" {
		err = pth.WriteZip(f, all[0].Tensors)
	} else {
		err = pth.WriteZipDicts(f, all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// BenchmarkOpen opens the 14 MB generator of pytorch/examples.
func BenchmarkOpen(b *testing.B) {
	g, err := model.NewG(model.Config{Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}, 1)
	if err != nil {
		b.Fatal(err)
	}
	ours := saveTemp(b, &Checkpoint{G: g}, SaveOptions{})
	for name, path := range map[string]string{"pth": writePTH(b, map[string][]model.NamedTensor{"": g.State()}, ""), "ours": ours} {
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("file="+name, func(b *testing.B) {
			b.SetBytes(info.Size())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(path, OpenOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
