// Package figure makes the figures of dcganviz: each is one experiment on a
// trained DCGAN, with its picture, its numbers and its words.
//
// [All] is the table of them. The command line, its help and completion, the
// recipes in pictures, the page and the README are made from it. A [Figure] holds
// the settings of one; [Make] runs it in a [Lab], which holds the model, and
// returns its files:
//
//	lab, err := figure.OpenLab("facades", checkpoint.OpenOptions{})
//	if err != nil {
//		return err
//	}
//	units := figure.New("units").(*figure.Units)
//	units.Samples = 100
//	drawing, err := figure.Make(ctx, lab, units, "units.png")
//	if err != nil {
//		return err
//	}
//	err = drawing.Save("units.png")
//
// The picture carries a [Recipe], from which it can be drawn again to the last
// pixel. The numbers beside it are the [Result] as JSON. [Read] reads them back, so
// that the page ([Page]) says the same numbers as the terminal does.
//
// The package computes nothing of its own: package probe/* measures, package viz
// draws, package gallery lays out the page.
package figure
