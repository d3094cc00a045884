package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"path"
	"strings"
)

const (
	// maxRepeats is how many more names a list may have than the set has pictures.
	maxRepeats    = 1 << 19
	maxNamesShown = 5
)

// pick returns the entries that a list file names, in its order: one a line, blank
// lines passed over, repeated names kept.
func pick(entries []entry, file string) ([]entry, error) {
	f, err := openText(file, "a text file that names one picture a line")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, _, err := begin(f)
	if err != nil {
		return nil, err
	}
	index := make(map[string]int32, len(entries))
	for i, e := range entries {
		index[e.name] = int32(i)
	}
	var order []int32
	var absent []string
	names := 0
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, maxName+len("\r\n"))
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		names++
		if i, ok := index[path.Clean(line)]; !ok {
			if len(absent) < maxNamesShown {
				absent = append(absent, fmt.Sprintf("%q", path.Clean(line)))
			}
		} else if len(order) == len(entries)+maxRepeats {
			return nil, fail(ErrLimit, "more than %d names of %d pictures", len(order), len(entries))
		} else {
			order = append(order, i)
		}
	}
	switch missing := names - len(order); {
	case errors.Is(lines.Err(), bufio.ErrTooLong):
		return nil, fail(ErrLimit, "a line of more than %d bytes after %d names", maxName, names)
	case lines.Err() != nil:
		return nil, lines.Err()
	case names == 0:
		return nil, fail(ErrEmpty, "list without a name")
	case missing > 0:
		more := ""
		if missing > len(absent) {
			more = ", ..."
		}
		return nil, fail(ErrNotInSet, "%d of %d listed names are not among its %d pictures: %s%s",
			missing, names, len(entries), strings.Join(absent, ", "), more)
	}
	picked := make([]entry, len(order))
	for k, i := range order {
		picked[k] = entries[i]
	}
	return picked, nil
}
