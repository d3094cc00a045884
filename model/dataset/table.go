package dataset

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// maxTableBytes bounds a table, which is read as a whole.
const maxTableBytes = 256 << 20

// readTable returns the bytes of a table.
func readTable(file string) ([]byte, error) {
	return readText(file, maxTableBytes, "a table, CSV or JSON")
}

// readText returns the bytes of a text file; want says what it should be.
func readText(file string, limit int64, want string) ([]byte, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fail(ErrNotFound, "no such file")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fail(ErrUnsupported, "a folder, want %s", want)
	}
	return readAll(f, nil, limit)
}

// isJSON tells a table in JSON from one in CSV.
func isJSON(table []byte) bool {
	text := strings.TrimLeft(strings.TrimPrefix(string(table[:min(len(table), 512)]), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(text, "[")
}

// rows calls f for each line of a CSV table with the values of the named
// columns, which its first line must have, in any order and among others.
func rows(b []byte, columns []string, f func(line int, values []string) error) error {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	r.ReuseRecord = true
	header, err := r.Read()
	if err == io.EOF {
		return fail(ErrEmpty, "a table without a line")
	}
	if err != nil {
		return fail(ErrCorrupt, "%w", err)
	}
	at := make([]int, len(columns))
	for i, name := range columns {
		at[i] = slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == name })
		if at[i] < 0 {
			return fail(ErrCorrupt, "line 1: no column %q in %.200q, want %s", name, strings.Join(header, ","), strings.Join(columns, ","))
		}
	}
	values := make([]string, len(columns))
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fail(ErrCorrupt, "%w", err)
		}
		line, _ := r.FieldPos(0)
		for i, j := range at {
			values[i] = strings.Clone(record[j])
		}
		if err := f(line, values); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// ReadColumn reads one column of a CSV file, by the name in its column "file":
// which photograph a patch was cut from, or the label of a picture. The first
// line names the columns; others are passed over. A file that gives a name two
// different values is ErrCorrupt.
func ReadColumn(path, column string) (map[string]string, error) {
	m, err := readColumn(path, column)
	if err != nil {
		return nil, fmt.Errorf("dataset: table %q: %w", path, err)
	}
	return m, nil
}

func readColumn(path, column string) (map[string]string, error) {
	b, err := readTable(path)
	if err != nil {
		return nil, err
	}
	m := map[string]string{}
	err = rows(b, []string{"file", column}, func(line int, v []string) error {
		if old, ok := m[v[0]]; ok && old != v[1] {
			return fail(ErrCorrupt, "%s of %.80q is %.80q, but was %.80q before", column, v[0], v[1], old)
		}
		m[v[0]] = v[1]
		return nil
	})
	if err == nil && len(m) == 0 {
		err = fail(ErrEmpty, "a table without a picture")
	}
	return m, err
}
