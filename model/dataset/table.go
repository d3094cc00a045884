package dataset

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	aTable = "a table, CSV or JSON"
	bom    = "\ufeff"
)

// begin passes over a byte order mark, and returns the first bytes that are no space.
func begin(r io.Reader) (*bufio.Reader, string, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(512)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	text, marked := strings.CutPrefix(string(head), bom)
	if marked {
		br.Discard(len(bom))
	}
	return br, strings.TrimLeft(text, " \t\r\n"), nil
}

// rows calls f for each line of a CSV table with the values of the named
// columns, which its first line must have, in any order and among others. The values
// are valid until f returns.
func rows(text io.Reader, columns []string, f func(line int, values []string) error) error {
	rest := newFeed(text, "row", maxRow)
	r := csv.NewReader(rest)
	r.ReuseRecord = true
	header, err := r.Read()
	if err == io.EOF {
		return fail(ErrEmpty, "a table without a line")
	}
	if err != nil {
		return corrupt(err, "CSV")
	}
	at := make([]int, len(columns))
	for i, name := range columns {
		at[i] = slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == name })
		if at[i] < 0 {
			return fail(ErrCorrupt, "line 1: no column %q in %.200q, want %s", name, strings.Join(header, ","), strings.Join(columns, ","))
		}
	}
	values := make([]string, len(columns))
	for count := 1; ; count++ {
		rest.next(r.InputOffset())
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return corrupt(err, "CSV after %d lines", count)
		}
		line, _ := r.FieldPos(0)
		if count > maxRows {
			return fail(ErrLimit, "line %d: more than %d rows", line, maxRows)
		}
		for i, j := range at {
			values[i] = record[j]
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
//
// The file has the limits of [ReadBoxes].
func ReadColumn(path, column string) (map[string]string, error) {
	file, err := openText(path, aTable)
	if err != nil {
		return nil, tableError(path, err)
	}
	defer file.Close()
	return parseColumn(path, file, column)
}

// ParseColumn is ReadColumn of a file's contents; name is what errors call it.
func ParseColumn(name string, text []byte, column string) (map[string]string, error) {
	return parseColumn(name, bytes.NewReader(text), column)
}

func parseColumn(name string, r io.ReadSeeker, column string) (map[string]string, error) {
	m, err := readColumn(r, column)
	if err != nil {
		return nil, tableError(name, err)
	}
	return m, nil
}

func tableError(name string, err error) error {
	return fmt.Errorf("dataset: table %q: %w", name, err)
}

func readColumn(file io.ReadSeeker, column string) (map[string]string, error) {
	n, err := countRows(file)
	if err != nil {
		return nil, err
	}
	text, _, err := begin(file)
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, n)
	last := ""
	err = rows(text, []string{"file", column}, func(line int, v []string) error {
		old, ok := m[v[0]]
		if ok && old != v[1] {
			return fail(ErrCorrupt, "%s of %.80q is %.80q, but was %.80q before", column, v[0], v[1], old)
		}
		if v[1] != last {
			last = strings.Clone(v[1])
		}
		if !ok {
			m[strings.Clone(v[0])] = last
		}
		return nil
	})
	if err == nil && len(m) == 0 {
		err = fail(ErrEmpty, "a table without a picture")
	}
	return m, err
}
