package doctor

import (
	"context"
	"strings"
)

// checkFile tells what is in the file and was not taken. Weights that are
// missing, or have no place in a net, are an error when a file is opened.
func checkFile(_ context.Context, p *patient, f *Finding) error {
	f.figure(float64(len(p.Notes)), "notes")
	if len(p.Notes) > 0 {
		f.conclude(Doubtful, "if that is the net you want, name it with --key or --disc-key", "not all of the file was taken: %s", strings.Join(p.Notes, "; "))
		return nil
	}
	f.conclude(OK, "", "every net in the file was taken")
	return nil
}
