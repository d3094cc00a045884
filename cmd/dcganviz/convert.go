package main

import (
	"fmt"

	"dcganviz/internal/fileio"
	"dcganviz/model"
)

// convertCmd writes a model to a file of its own.
type convertCmd struct {
	In    string `arg:"" name:"model" help:"An embedded model, a run's folder or a checkpoint file."`
	Out   string `arg:"" name:"out" help:"The .safetensors file to write."`
	Half  bool   `help:"Write the weights as float16: half the bytes, of each number the first 11 bits."`
	Force bool   `help:"Replace the file if it is there."`
}

func (*convertCmd) examples() []string {
	return []string{"dcganviz convert runs/mine mine.safetensors --half"}
}

// Run is the command.
func (c *convertCmd) Run(e *env) error {
	o, err := modelFlag{Where: c.In}.open(e)
	if err != nil {
		return err
	}
	if err := fileio.CheckOut(c.Out, c.Force); err != nil {
		return fmt.Errorf("out: %w", err)
	}
	if err := model.Save(c.Out, o.Checkpoint, model.SaveOptions{Half: c.Half}); err != nil {
		return err
	}
	e.printf("%s", c.Out)
	return nil
}
