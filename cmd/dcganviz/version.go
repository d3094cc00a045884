package main

import (
	"runtime"

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
