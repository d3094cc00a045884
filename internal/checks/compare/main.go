// Command compare measures this program against the peers that a user would
// reach for instead, on one machine and in one run, and prints the ratios as a
// Markdown table. testdata/peers/README.md says how to install the peers.
//
//	go run ./internal/checks/compare -rows generate -rounds 3
//
// For each kind of work it runs every peer and then our benchmark, round after
// round, so that both sides see the same neighbours and the same clock.
// Progress goes to stderr, the table to stdout. It exits with 1 if a
// measurement failed; a peer that is not installed is named and skipped.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("rows", "", "measure the kinds of work that match this `regexp`")
	rounds := flags.Int("rounds", 3, "rounds of peers and ours")
	var s setup
	flags.Float64Var(&s.seconds, "secs", 4, "seconds of one measurement, at least")
	flags.IntVar(&s.threads, "threads", 2, "threads of each side")
	flags.DurationVar(&s.limit, "limit", 10*time.Minute, "longest time for one measurement")
	flags.StringVar(&s.python, "python", "/usr/bin/python3", "the Python that has torch")
	flags.StringVar(&s.preload, "preload", "libtcmalloc_minimal.so.4", "allocator that PyTorch is tuned with; empty: none")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	pattern, err := regexp.Compile(*only)
	if err != nil || flags.NArg() > 0 || *rounds < 1 || s.threads < 1 || !(s.seconds > 0) {
		fmt.Fprintln(stderr, "compare: want -rows REGEXP, at least one round and thread, some seconds, and no arguments")
		return 2
	}
	var asked []work
	for _, w := range works {
		if pattern.MatchString(w.name) {
			asked = append(asked, w)
		}
	}
	if len(asked) == 0 {
		fmt.Fprintf(stderr, "compare: no work matches %q\n", *only)
		return 2
	}
	if err := s.prepare(ctx); err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return 1
	}
	defer s.remove()

	limit, err := s.peak(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return 1
	}
	var results []result
	failed := false
	for _, w := range asked {
		r := compare(w, *rounds, func(side string) (sample, error) { return s.measure(ctx, w, side) }, stderr)
		results = append(results, r...)
		for _, one := range r {
			failed = failed || one.err != nil && !isSkipped(one.err)
		}
	}
	fmt.Fprintf(stdout, "%s, %d threads, %d rounds of %g s", processor(), s.threads, *rounds, s.seconds)
	if limit > 0 {
		fmt.Fprintf(stdout, ", %.0f GFLOP/s at most", limit)
	}
	fmt.Fprint(stdout, "\n\n")
	table(stdout, results, limit)
	if failed {
		return 1
	}
	return 0
}
