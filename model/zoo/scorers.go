package zoo

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// scorers holds NAME.safetensors, as package probe/score writes them.
//
//go:embed scorers
var scorers embed.FS

const scorerFolder = "scorers"

// ErrNoScorer means that no scorer of that name is embedded.
var ErrNoScorer = errors.New("no such scorer")

// Scorers returns the names of the embedded scorers, sorted: each the model's,
// the concept's, and judge or scorer.
func Scorers() []string { return listed(scorers, scorerFolder, modelEnd) }

// Scorer returns the file of the scorer of that name, for score.Parse. Its
// error wraps ErrNoScorer if there is none.
func Scorer(name string) ([]byte, error) {
	all := Scorers()
	if !slices.Contains(all, name) {
		return nil, fmt.Errorf("zoo: scorer %q, want one of %q: %w", name, all, ErrNoScorer)
	}
	return fs.ReadFile(scorers, scorerFolder+"/"+name+modelEnd)
}
