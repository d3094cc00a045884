package main

import (
	"runtime"

	"github.com/alecthomas/kong"

	"dcganviz/gallery/figure"
	"dcganviz/model"
)

// versionCmd says what program this is.
type versionCmd struct {
	JSON bool `name:"json" help:"Print the result as JSON."`
}

func (*versionCmd) examples() []string { return []string{"dcganviz version"} }

func (c *versionCmd) Run(e *env) error {
	pool := model.NewPool(1)
	defer pool.Close()
	if c.JSON {
		return e.json(map[string]string{
			"version": figure.Version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "instructions": pool.Instructions(),
		})
	}
	e.printf("dcganviz %s (%s, %s/%s, %s kernels)", figure.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, pool.Instructions())
	return nil
}

// versionFlag does what versionCmd does, where people look for it first.
type versionFlag bool

// BeforeReset is called by the parser before it looks for a command.
func (versionFlag) BeforeReset(app *kong.Kong, e *env) error {
	err := new(versionCmd).Run(e)
	app.Exit(exitDone)
	return err
}
