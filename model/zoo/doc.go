// Package zoo holds the trained models that ship with the program.
//
// Each is a checkpoint as package model writes it, embedded in the binary, and
// a card in Markdown that says what it was trained on, under which terms, how,
// and how good it is. Beside facades there are facades-epoch1 and
// facades-epoch5: the generator of the same run after its first epochs. faces is
// for non-commercial research only; a build with the tag nofaces leaves it out.
//
//	c, err := zoo.Open(zoo.Default)
//	if err != nil {
//		return err
//	}
//	images, err := c.G.Generate(model.Latents(1, 0, 100, c.Meta.Config), model.RunOptions{})
//
// A model is decoded when it is opened, not before. The package knows nothing
// of files on disk: for those see checkpoint.Open.
package zoo
