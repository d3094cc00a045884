// Command dcganviz trains DCGANs on your own pictures and shows what they have
// learnt. Without arguments it lists its commands.
//
// Results go to stdout or to the files that --out and its like name, messages
// to stderr. exit.go lists the exit codes.
package main

import (
	"context"
	"os"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	h := &halt{grace: 2 * time.Second}
	h.listen(cancel)
	os.Exit(runUnder(ctx, h, os.Args[1:], os.Stdout, os.Stderr))
}
