// Package viz turns numbers into pictures.
//
// It draws plain slices and image.Image values, knows no experiment and
// imports no other package of this module. Each picture type has a file:
// Sheet and Strip lay out tiles, LossPlot draws the course of a training
// run, PointPlot measurements of two quantities, CurvePlot one quantity over
// another, FilterPanel the maps of units beside their images, UnitSheet and
// UnitCard what units draw, Equation a sum of pictures, Scatter and Atlas places
// in a plane, Slides the stills of a film, and Stack joins pictures to one figure.
// EncodePNG, EncodeAPNG and EncodeGIF write what was drawn, with the recipe
// that redraws it, which ReadRecipe gives back.
//
//	tiles, err := viz.Images(samples, 100, 64, 64, 3)
//	if err != nil {
//		return err
//	}
//	sheet, err := viz.Sheet(tiles, viz.SheetOptions{Footer: "seed 1"})
//	if err != nil {
//		return err
//	}
//	return viz.EncodePNG(out, sheet, viz.Recipe(settingsJSON))
//
// Every picture is dark on light, in one font and one set of colours
// (style.go), and a function of its arguments alone: the same arguments
// give the same bytes. Nothing here prints, opens files or reads the clock.
//
// Left out: windows, interaction, vector formats, and reading pictures.
package viz
