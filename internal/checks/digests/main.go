// Command digests prints what the figures in a folder show, as JSON: digests of
// the tiles and of the plots of each picture without the text around them, of the
// numbers beside it, and of its recipe. Words may change without changing any.
//
//	go run ./internal/checks/digests gallery/paper
//
// With -against FILE it compares them with such a JSON file, names what differs,
// and exits with 1 if anything does.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
)

func main() {
	against := flag.String("against", "", "compare with the digests in this `file`")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "digests: want one folder of figures")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *against); err != nil {
		fmt.Fprintln(os.Stderr, "digests:", err)
		os.Exit(1)
	}
}

func run(folder, against string) error {
	got, err := read(folder)
	if err != nil {
		return err
	}
	if against == "" {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(got)
	}
	text, err := os.ReadFile(against)
	if err != nil {
		return err
	}
	var want map[string]digests
	if err := json.Unmarshal(text, &want); err != nil {
		return fmt.Errorf("%s: %w", against, err)
	}
	differ := 0
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, what := range want[name].differences(got[name]) {
			fmt.Printf("%s: its %s differ from those in %s\n", name, what, against)
			differ++
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d digests differ", differ)
	}
	fmt.Printf("the tiles, plots, numbers and recipes of %d files are those of %s\n", len(got), against)
	return nil
}
