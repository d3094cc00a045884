// Package probe runs experiments on a trained model.
//
// It returns numbers, never pictures: package viz draws those.
//
// A Path is a way through latent space; its points, drawn by a generator, are
// a walk:
//
//	path, err := probe.NewPath(model.Latents(1, 0, 9, cfg), probe.PathOptions{})
//	if err != nil {
//		return err
//	}
//	images, err := g.Generate(path.Points(100), model.RunOptions{})
//
// The packages below share how they name what a caller may choose: HiddenLayer,
// CheckUnits, and ErrInput, which marks errors that another choice mends.
package probe
