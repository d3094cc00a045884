package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
)

// drawings are what command lines drew that several tests look at.
var drawings struct {
	sync.Mutex
	of map[string]func() drawnOnce
}

type drawnOnce struct {
	result
	place place
	err   error
}

// once is must in a place that tests share, and none changes. The program runs, on one
// thread, when the first of them asks.
func once(t *testing.T, args ...string) (place, result) {
	t.Helper()
	line := strings.Join(args, " ")
	drawings.Lock()
	if drawings.of == nil {
		drawings.of = map[string]func() drawnOnce{}
	}
	f := drawings.of[line]
	if f == nil {
		f = sync.OnceValue(func() drawnOnce {
			dir, err := os.MkdirTemp("", "dcganviz-once-")
			if err != nil {
				return drawnOnce{err: err}
			}
			p := place(dir)
			return drawnOnce{p.call(t, args...), p, nil}
		})
		drawings.of[line] = f
	}
	drawings.Unlock()
	d := f()
	if d.err != nil || d.code != exitDone {
		t.Fatalf("dcganviz %s: exit code %d, %v\n%s", line, d.code, d.err, d.stderr)
	}
	return d.place, d.result
}

// removeDrawings removes what once drew.
func removeDrawings() {
	for _, f := range drawings.of {
		if p := f().place; p != "" {
			os.RemoveAll(string(p))
		}
	}
}

// sameOnTwoThreads draws a figure on one thread, once for all tests, and on two in p, finds
// a summary of three lines and the same numbers, and decodes these into v.
func sameOnTwoThreads(t *testing.T, p place, v any, args ...string) {
	t.Helper()
	first, r := once(t, args...)
	places, results := [2]place{first, p}, [2]result{r, p.must(t, append(args, "--threads", "2")...)}
	var numbers [2][]byte
	for i, r := range results {
		if lines := strings.Count(r.stdout, "\n"); lines != 4 {
			t.Errorf("%d lines, want three and the picture's name:\n%s", lines, r.stdout)
		}
		numbers[i] = read(t, places[i].join("gallery/facades-"+args[0]+".json"))
	}
	if !bytes.Equal(numbers[0], numbers[1]) {
		t.Error("1 and 2 threads give different numbers")
	}
	if err := json.Unmarshal(numbers[0], v); err != nil {
		t.Fatal(err)
	}
}
