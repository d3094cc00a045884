package pth

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// patch returns b with bytes replaced behind the n-th place of mark.
func patch(t *testing.T, b []byte, mark string, n, at int, with ...byte) []byte {
	t.Helper()
	i := -1
	for range n + 1 {
		k := bytes.Index(b[i+1:], []byte(mark))
		if k < 0 {
			t.Fatalf("no %q number %d", mark, n)
		}
		i += 1 + k
	}
	out := slices.Clone(b)
	copy(out[i+at:], with)
	return out
}

func TestHostileArchives(t *testing.T) {
	torch := load(t, "plain")              // with 64-bit records and sizes after the data
	python := load(t, "rezipped")          // without
	max4 := []byte{0xff, 0xff, 0xff, 0xff} // what says that there is a 64-bit field
	huge := []byte{0, 0xe8, 0x76, 0x48, 0x17, 0, 0, 0}
	for name, c := range map[string]struct {
		b    []byte
		want error
		text string
	}{
		"entries lie":             {patch(t, python, zipEnd, 0, 8, 0xff, 0xff, 0xff, 0xff), ErrCorrupt, "for 65535 entries"},
		"entries differ":          {patch(t, python, zipEnd, 0, 8, 1, 0, 2, 0), ErrUnsupported, "several volumes"},
		"an entry fewer":          {patch(t, python, zipEnd, 0, 8, 9, 0, 9, 0), ErrCorrupt, "after its 9 entries"},
		"an entry more":           {patch(t, python, zipEnd, 0, 8, 11, 0, 11, 0), ErrCorrupt, "no zip entry"},
		"second volume":           {patch(t, python, zipEnd, 0, 4, 1), ErrUnsupported, "several volumes"},
		"directory of 4 GB":       {patch(t, python, zipEnd, 0, 12, max4...), ErrCorrupt, "directory of 4294967295 bytes"},
		"directory elsewhere":     {patch(t, python, zipEnd, 0, 16, 0, 0, 0, 0), ErrCorrupt, "want it to end"},
		"directory of 100 GB":     {patch(t, torch, zip64End, 0, 40, huge...), ErrCorrupt, "differ"},
		"wide directory 100 GB":   {patch(t, patch(t, torch, zip64End, 0, 40, huge...), zipEnd, 0, 12, max4...), ErrCorrupt, "directory of 100000000000 bytes"},
		"wide count 100 G":        {patch(t, patch(t, patch(t, torch, zip64End, 0, 24, huge...), zip64End, 0, 32, huge...), zipEnd, 0, 8, max4...), ErrTooLarge, "archive of 100000000000 entries"},
		"wide record elsewhere":   {patch(t, torch, zip64Locator, 0, 8, huge...), ErrCorrupt, "zip64 directory end at byte 100000000000"},
		"wide record at 0":        {patch(t, torch, zip64Locator, 0, 8, make([]byte, 8)...), ErrCorrupt, "byte 0 has no zip64"},
		"wide record size":        {patch(t, torch, zip64End, 0, 4, 45), ErrCorrupt, "of the size that is there"},
		"wide second volume":      {patch(t, torch, zip64End, 0, 16, 1), ErrUnsupported, "several volumes"},
		"locator, second volume":  {patch(t, torch, zip64Locator, 0, 4, 1), ErrUnsupported, "several volumes"},
		"entry of 4 GB":           {patch(t, patch(t, torch, zipCentral, 1, 24, 0xfe, 0xff, 0xff, 0xff), zipCentral, 1, 20, 0xfe, 0xff, 0xff, 0xff), ErrCorrupt, "4294967294 bytes at byte"},
		"wide entry, no field":    {patch(t, torch, zipCentral, 1, 24, max4...), ErrCorrupt, "no zip64 field"},
		"unpacks to 4 GB":         {patch(t, torch, zipCentral, 1, 24, 0xfe, 0xff, 0xff, 0xff), ErrCorrupt, "want 4294967294"},
		"compressed":              {patch(t, python, zipCentral, 1, 10, 8), ErrUnsupported, "compressed"},
		"compressed, locally":     {patch(t, python, zipLocal, 1, 8, 8), ErrCorrupt, "differs from the directory"},
		"encrypted":               {patch(t, python, zipCentral, 1, 8, 1), ErrUnsupported, "encrypted"},
		"flags differ":            {patch(t, python, zipLocal, 1, 6, 2), ErrCorrupt, "differs from the directory"},
		"local CRC":               {patch(t, python, zipLocal, 1, 14, 1, 2, 3, 4), ErrCorrupt, "differs from the directory"},
		"local size":              {patch(t, python, zipLocal, 1, 22, 1, 2, 3, 4), ErrCorrupt, "differs from the directory"},
		"local name":              {patch(t, python, zipLocal, 1, 30, 'X'), ErrCorrupt, "no header of this name"},
		"local name length":       {patch(t, python, zipLocal, 1, 26, 1), ErrCorrupt, "no header of this name"},
		"extra field to the moon": {patch(t, python, zipLocal, 9, 28, 0xff, 0xff), ErrCorrupt, "the directory begins"},
		"header in the directory": {patch(t, torch, zipCentral, 1, 42, 0xfe, 0xff, 0xff, 0x7f), ErrCorrupt, "begins at byte 2147483646"},
		"header elsewhere":        {patch(t, torch, zipCentral, 1, 42, 7, 0, 0, 0), ErrCorrupt, "no header of this name"},
		"name with a zero":        {patch(t, python, zipCentral, 1, 46, 0), ErrCorrupt, "want text"},
		"name not in UTF-8":       {patch(t, python, zipCentral, 1, 46, 0xff), ErrCorrupt, "want text"},
		"long name":               {patch(t, python, zipCentral, 9, 28, 0xff, 0xff), ErrCorrupt, "are left"},
		"CRC":                     {patch(t, torch, zipCentral, 1, 16, 1, 2, 3, 4), ErrCorrupt, "want 04030201"},
		"same name twice":         {stored(t, "x/data.pkl", "a", "x/data.pkl", "b"), ErrCorrupt, "is there twice"},
		"many entries":            {manyEntries(t, MaxEntries+1), ErrTooLarge, "65537 entries"},
		"overlap":                 {overlapping(t), ErrCorrupt, "overlap"},
	} {
		t.Run(name, func(t *testing.T) { wantRefused(t, c.b, c.want, c.text) })
	}
}

func manyEntries(t *testing.T, n int) []byte {
	parts := make([]string, 2*n)
	for i := range n {
		parts[2*i] = fmt.Sprint(i)
	}
	return stored(t, parts...)
}

// overlapping is an archive of which the first entry's data hold a whole entry.
func overlapping(t *testing.T) []byte {
	inner := zipLocal + strings.Repeat("\x00", 22) + "\x01\x00\x00\x00" + "b"
	b := stored(t, "a", inner, "b", "")
	return patch(t, b, zipCentral, 1, 42, 31)
}
