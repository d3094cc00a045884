package main

import (
	"io"
	"time"

	"dcganviz/cmd/dcganviz/internal/progress"
)

// labProgress shows how far a figure has come: one count for each of its stages.
type labProgress struct {
	w        io.Writer
	stage    *progress.Count
	done, of int
}

// part is called when done of the parts of a stage are, and what is next.
func (p *labProgress) part(what string, done, of int) {
	if p.stage == nil || of != p.of || done < p.done {
		p.close()
		p.stage = progress.NewCount(p.w, time.Now, "parts", of)
	}
	p.done, p.of = done, of
	p.stage.Part(what, done, of)
}

// close ends the stage.
func (p *labProgress) close() {
	if p.stage != nil {
		p.stage.Close()
	}
	p.stage = nil
}
