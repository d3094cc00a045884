// Package golden compares a picture that a test drew with the one that is
// stored for it.
//
// A picture lives in testdata/golden/<package>/<Test>.png, where <package>
// is the directory of the tested package below the module root and <Test>
// the name of the test, with "_" for each "/". Compared are the bounds,
// then every decoded pixel; file bytes are never compared, so a better PNG
// encoder changes no golden.
//
//	func TestSheetGap(t *testing.T) {
//		got, err := viz.Sheet(tiles, viz.SheetOptions{GapPx: 2})
//		if err != nil {
//			t.Fatal(err)
//		}
//		golden.Check(t, got)
//	}
//
// "go test ./viz -update" rewrites the stored pictures; look at them before
// they are committed. A golden shows that something changed, not that it is
// right: each one is paired with a test that does arithmetic.
package golden
