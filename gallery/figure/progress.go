package figure

import (
	"fmt"

	"dcganviz/probe"
)

// note tells the caller something.
func (l *Lab) note(format string, args ...any) {
	if l.Note != nil {
		l.Note(fmt.Sprintf(format, args...))
	}
}

// progress tells how far a probe has come.
func (l *Lab) progress(what string, done, of int) {
	if l.Progress != nil {
		l.Progress(what, done, of)
	}
}

// settings are those of a probe with a seed.
func (l *Lab) settings(seed uint64) probe.Settings {
	return probe.Settings{Seed: seed, Progress: l.progress}
}
