// Command dcganviz trains DCGANs on your own pictures and shows what they have
// learnt. Without arguments it lists its commands.
//
// Results go to stdout or to the files that --out and its like name, messages
// to stderr. exit.go lists the exit codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Whoever presses Ctrl-C a second time does not want to wait for the save.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
