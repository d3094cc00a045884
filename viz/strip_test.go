package viz

import (
	"fmt"
	"testing"

	"dcganviz/internal/golden"
)

func TestStripIsOneRow(t *testing.T) {
	tiles := testTiles(5, 6, 9)
	strip, err := Strip(tiles, SheetOptions{Columns: 2, GapPx: 1})
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := Sheet(tiles, SheetOptions{Columns: 5, GapPx: 1})
	if err != nil {
		t.Fatal(err)
	}
	samePixels(t, "strip", strip, sheet)
	_, err = Strip(nil, SheetOptions{})
	wantError(t, "no tiles", err, "no tile among 0")
}

func TestStripGolden(t *testing.T) {
	strip, err := Strip(testTiles(4, 48, 48), SheetOptions{GapPx: 2, Footer: "lerp, step 0.25"})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, strip)
}

func ExampleStrip() {
	strip, err := Strip(testTiles(11, 64, 64), SheetOptions{GapPx: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strip.Bounds().Size())
	// Output: (724,64)
}
