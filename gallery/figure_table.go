package gallery

import (
	"fmt"
	"math"
	"strconv"
)

// A table is numbers that can be sorted, with tiles of the picture in its rows.
type table struct {
	Caption string
	Columns []column
	Rows    [][]cell
}

// A column is headed by Name; Hint says what it is.
type column struct{ Name, Hint string }

// A cell shows a text, or tiles by their numbers. Sort is what its column is
// sorted by, empty for nothing.
type cell struct {
	Text, Sort string
	Tiles      []int
}

// Long reports whether the text needs a wide column.
func (c cell) Long() bool { return len(c.Text) > 30 }

func number(v float64, format string) cell {
	return cell{Text: fmt.Sprintf(format, v), Sort: strconv.FormatFloat(v, 'g', -1, 64)}
}

// optional is a number that may not be there.
func optional(v *interval, format string) cell {
	if v == nil {
		return cell{Text: "–"}
	}
	return number(v.Mean, format)
}

// An interval is a mean with the ends of its 95% interval.
type interval struct {
	Mean float64 `json:"mean"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

func (i interval) String() string { return fmt.Sprintf("%.3f (%.3f to %.3f)", i.Mean, i.Lo, i.Hi) }

func (i interval) percent() string {
	return fmt.Sprintf("%s (%s to %s)", percent(i.Mean), percent(i.Lo), percent(i.Hi))
}

// times writes it as a factor.
func (i interval) times() string { return fmt.Sprintf("%.1f (%.1f to %.1f)", i.Mean, i.Lo, i.Hi) }

// A spread is a mean with a standard deviation.
type spread struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

func (s spread) String() string  { return fmt.Sprintf("%.2f ± %.2f", s.Mean, s.SD) }
func (s spread) percent() string { return fmt.Sprintf("%s ± %.0f", percent(s.Mean), 100*s.SD) }

// percent writes a share; a small one below zero is no -0.
func percent(v float64) string { return fmt.Sprintf("%.0f%%", math.Round(100*v)+0) }

// plural is "1 tile" or "2 tiles".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
