package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// An event is a line of go test -json: see go doc test2json.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // in seconds
}

// A report writes what people want to know of events.
type report struct {
	w io.Writer
	// said is what tests that have not ended printed, and under "" the package itself.
	said map[string]map[string][]string
	took []event // the tests that ended
}

func newReport(w io.Writer) *report {
	return &report{w: w, said: map[string]map[string][]string{}}
}

// read reads events to their end. It passes on what is none.
func (r *report) read(from io.Reader) error {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		var e event
		switch {
		case line == "":
		case json.Unmarshal([]byte(line), &e) != nil:
			fmt.Fprint(r.w, line)
		default:
			r.take(e)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) take(e event) {
	of := r.said[e.Package]
	if of == nil {
		of = map[string][]string{}
		r.said[e.Package] = of
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.w, e.Output)
	case "output":
		of[e.Test] = append(of[e.Test], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.packageEnds(e, of)
			return
		}
		if e.Action == "fail" {
			r.print(of[e.Test])
		}
		delete(of, e.Test)
		r.took = append(r.took, e)
	}
}

// packageEnds prints the line of a package. If it failed, it prints what the package and
// tests without an end said, too, as after a panic.
func (r *report) packageEnds(e event, said map[string][]string) {
	if e.Action == "fail" {
		own := said[""]
		delete(said, "")
		for _, test := range said {
			r.print(test)
		}
		r.print(own)
	} else {
		for _, line := range said[""] {
			if strings.HasPrefix(line, "ok ") || strings.HasPrefix(line, "? ") {
				fmt.Fprint(r.w, line)
			}
		}
	}
	delete(r.said, e.Package)
}

func (r *report) print(lines []string) {
	for _, l := range lines {
		if !strings.HasPrefix(l, "=== ") {
			fmt.Fprint(r.w, l)
		}
	}
}

// slowest prints the n tests that took longest.
func (r *report) slowest(n int) {
	whole := slices.DeleteFunc(slices.Clone(r.took), func(e event) bool { return strings.Contains(e.Test, "/") || e.Elapsed == 0 })
	slices.SortStableFunc(whole, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for i, e := range whole[:min(n, len(whole))] {
		if i == 0 {
			fmt.Fprintln(r.w, "\nthe slowest tests, in seconds:")
		}
		fmt.Fprintf(r.w, "%8.1f  %s %s\n", e.Elapsed, e.Package, e.Test)
	}
}
