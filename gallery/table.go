package gallery

import (
	"fmt"
	"strconv"
)

// A Table is numbers that can be sorted, with tiles of the picture in its rows.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
}

// A Column is headed by Name; Hint says what it is.
type Column struct{ Name, Hint string }

// A Cell shows a text, or tiles by their numbers. Sort is what its column is
// sorted by, empty for nothing.
type Cell struct {
	Text, Sort string
	Tiles      []int
}

// Long reports whether the text needs a wide column.
func (c Cell) Long() bool { return len(c.Text) > 30 }

// Number is a cell of a number, written in a format.
func Number(v float64, format string) Cell {
	return Cell{Text: fmt.Sprintf(format, v), Sort: strconv.FormatFloat(v, 'g', -1, 64)}
}
