// Package checkpoint reads trained nets from files and folders, and writes them.
//
// Open finds out by a file's content what it is: one of Save, a checkpoint of
// PyTorch, a safetensors file of another program, or the arrays that the paper's
// authors published. Inspect says what a file holds without making nets of it.
// Save writes our own files, WriteTorch what torch.load reads.
//
//	c, err := checkpoint.Open("netG.pth", checkpoint.OpenOptions{})
//	...
//	g, err := c.Generator()
//	...
//	images, err := g.Generate(model.Latents(7, 0, 100, c.Meta.Config), c.RunOptions(nil))
//
// Errors wrap ErrRefused, ErrUnsupported or ErrAmbiguous, so that a caller can
// tell a damaged file from one that needs OpenOptions.
package checkpoint
