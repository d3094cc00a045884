package main

import (
	"encoding/json"

	"dcganviz/viz"
)

// A recipe is what a picture carries so that it can be drawn again: the same
// recipe and model give the same pixels. It holds no times and no paths.
type recipe struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	// Model is the name of an embedded model; SHA256 names any.
	Model  string `json:"model,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Reading is how another program's checkpoint was read.
	Reading *foreignFlags `json:"reading,omitempty"`
	Seed    uint64        `json:"seed"`
	// Parameters are those of the command.
	Parameters any `json:"parameters"`
}

// texts returns the recipe as a PNG carries it.
func (r recipe) texts() ([]viz.Text, error) {
	r.Program, r.Version = "dcganviz", version
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return viz.Recipe(text), nil
}
