// Package filters shows what units of a discriminator respond to, and whether
// the method that shows it depends on what the discriminator learnt.
//
// Look finds the images and places that drive chosen units most, and takes
// each response back to the image: the map of the pixels that it came from. An
// untrained nets of the same shape are the control for the maps. The method has three:
// another unit at the same image and place; nets whose layers lost their weights, one
// after the other; and nets in which a single layer did. Maximize draws the image that a
// unit would like best.
//
//	study, err := filters.Look(ctx, d, images, model.RunOptions{}, filters.Options{})
//	if err != nil {
//		return err
//	}
//	top := study.Report.Trained.Units[0].Top[0] // the unit's largest response
//	maps := study.Trained.Maps                  // [units * images, H, W, C]
//
// The figure is Fig. 5 of Radford et al. 2015 (arXiv:1511.06434), which has
// neither numbers nor controls of the method. The latter two are the cascading and the
// independent model
// parameter randomisation of Adebayo et al. 2018 (arXiv:1810.03292), section 3.
package filters
