package dataset

import (
	"fmt"
	"path"
	"strings"
)

const (
	maxListBytes  = 1 << 30
	maxNamesShown = 5
)

// readList returns the names in a list file: one a line, blank lines passed
// over, repeated names kept.
func readList(file string) ([]string, error) {
	b, err := readText(file, maxListBytes, "a text file that names one picture a line")
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) == "" {
			continue
		}
		if len(names) == maxEntries {
			return nil, fail(ErrLimit, "more than %d names", maxEntries)
		}
		names = append(names, path.Clean(line))
	}
	if len(names) == 0 {
		return nil, fail(ErrEmpty, "list without a name")
	}
	return names, nil
}

// pick returns the named entries in the order of names.
func pick(entries []entry, names []string) ([]entry, error) {
	index := make(map[string]int, len(entries))
	for i, e := range entries {
		index[e.name] = i
	}
	picked := make([]entry, 0, len(names))
	var absent []string
	missing := 0
	for _, name := range names {
		if i, ok := index[name]; ok {
			picked = append(picked, entries[i])
			continue
		}
		if missing++; len(absent) < maxNamesShown {
			absent = append(absent, fmt.Sprintf("%q", name))
		}
	}
	if missing > 0 {
		more := ""
		if missing > len(absent) {
			more = ", ..."
		}
		return nil, fail(ErrNotInSet, "%d of %d listed names are not among its %d pictures: %s%s",
			missing, len(names), len(entries), strings.Join(absent, ", "), more)
	}
	return picked, nil
}
