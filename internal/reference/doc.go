// Package reference reads the tensors that PyTorch computed for tests:
// testdata/ref, or the folder that the environment variable DCGANVIZ_REF names.
//
//	reference.Run(t, "g_probe_*", func(t *testing.T, f *reference.File) {
//		compare(t, draw(f.Floats("in/z")), f.Doubles("f64/y"))
//	})
//
// testdata/ref/gen.py makes such a folder and documents its files. Sizes and
// settings differ between folders: tests take them from the file (File.Net,
// File.Number, File.Shape). The package is for tests only.
package reference
