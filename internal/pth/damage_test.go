package pth

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// small are files of both formats, those of whose flips every bit is tried
// first. Of the others, which hold every sort of object, it is one of each byte.
var small = []string{"plain", "plain_legacy", "python2_legacy", "protocol4_legacy", "shared_legacy", "training", "training_legacy", "dtypes_legacy", "strided_legacy"}

const allBits = 5

// some returns small, or a part of it that takes a second.
func some() []string {
	if testing.Short() {
		return small[:3]
	}
	return small
}

func TestEveryTruncationIsRefused(t *testing.T) {
	for k, name := range some() {
		good := load(t, name)
		for n := range good {
			if _, err := Parse(good[:n]); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
			if k >= 3 {
				continue
			}
			for what, read := range map[string]func() (*File, error){
				"header":              func() (*File, error) { return ReadHeader(bytes.NewReader(good[:n]), int64(n)) },
				"shrinks":             func() (*File, error) { return Read(bytes.NewReader(good[:n]), int64(len(good))) },
				"header, size to big": func() (*File, error) { return ReadHeader(bytes.NewReader(good[:n]), int64(len(good))+1) },
			} {
				if _, err := read(); !errors.Is(err, ErrCorrupt) {
					t.Fatalf("%s: %d of %d bytes, %s: %v, want ErrCorrupt", name, n, len(good), what, err)
				}
			}
		}
	}
}

// comparison collects how two files differ: in a number or other value, a key,
// an element of a tensor, or the description of one. Text that a file holds
// once and uses in several places is one value.
type comparison struct {
	seen    map[Value]bool
	changes map[string]bool
	err     error // of the second file's data
}

func compared(a, b *File) *comparison {
	c := &comparison{seen: make(map[Value]bool), changes: make(map[string]bool)}
	c.add(a.Root, b.Root)
	return c
}

func (c *comparison) add(a, b Value) {
	if c.seen[a] {
		return
	}
	switch a := a.(type) {
	case *Dict:
		c.seen[a] = true
		if d, ok := b.(*Dict); ok && d.Len() == a.Len() {
			for i := range a.keys {
				c.add(a.keys[i], d.keys[i])
				c.add(a.values[i], d.values[i])
			}
			return
		}
	case *List, *Tuple, *Set:
		c.seen[a] = true
		x, y := itemsOf(a), itemsOf(b)
		if a.kind() == b.kind() && len(x) == len(y) {
			for i := range x {
				c.add(x[i], y[i])
			}
			return
		}
	case *Tensor:
		c.seen[a] = true
		if d, ok := b.(*Tensor); ok && a.DType == d.DType && slices.Equal(a.Shape, d.Shape) && slices.Equal(a.Strides, d.Strides) && a.Offset == d.Offset {
			c.tensor(a, d)
			return
		}
		if d, ok := b.(*Tensor); ok {
			if _, err := d.Bytes(); err != nil {
				c.err = err
			}
		}
	default:
		if show(a) == show(b) {
			return
		}
	}
	if x, ok := a.(*Tensor); ok {
		c.changes[x.Name] = true
		return
	}
	c.changes[show(a)+" became "+show(b)] = true
}

func (c *comparison) tensor(a, b *Tensor) {
	x, err1 := a.Bytes()
	y, err2 := b.Bytes()
	if err2 != nil {
		c.err = err2
		return
	}
	if err1 != nil || len(x) != len(y) {
		c.changes[a.Name] = true
		return
	}
	size := a.DType.Size()
	for i := 0; i < len(x); i += size {
		if !bytes.Equal(x[i:i+size], y[i:i+size]) {
			c.changes[fmt.Sprint(a.Name, i)] = true
		}
	}
}

func itemsOf(v Value) []Value {
	if s, ok := v.(*Set); ok {
		return s.Items
	}
	return sequence(v)
}

func TestEveryBitFlipIsRefusedOrChangesOneValue(t *testing.T) {
	for k, name := range some() {
		good := load(t, name)
		want := mustParse(t, good)
		limit := 0
		if want.Format == Legacy {
			limit = 1
		}
		tried, refused, unseen, changed := 0, 0, 0, 0
		for i := range good {
			for bit := range 8 {
				if k >= allBits && bit != i%8 {
					continue
				}
				tried++
				bad := slices.Clone(good)
				bad[i] ^= 1 << bit
				f, err := Parse(bad)
				if err != nil {
					if !hasCause(err) {
						t.Fatalf("%s: bit %d of byte %d: error %v has no cause", name, bit, i, err)
					}
					refused++
					continue
				}
				c := compared(want, f)
				switch {
				case c.err != nil:
					refused++
				case len(c.changes) > limit:
					t.Errorf("%s: bit %d of byte %d (%q) changed %d values, want at most %d: %v", name, bit, i, good[max(0, i-12):min(len(good), i+12)], len(c.changes), limit, c.changes)
				case len(c.changes) == 0:
					unseen++
				default:
					changed++
				}
			}
		}
		t.Logf("%s: of %d flips %d are refused, %d change one value, %d nothing", name, tried, refused, changed, unseen)
	}
}

func hasCause(err error) bool {
	return errors.Is(err, ErrCorrupt) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrUnsupported) || errors.Is(err, ErrForeign)
}

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

// allocated returns what f allocates: no less than the memory that it holds
// at any moment.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestLyingFilesGetNoMemory(t *testing.T) {
	claim := withPickle(t, strings.Replace(view("K\x00\x8a\x05\x00\xe8\x76\x48\x17\x85K\x01\x85"), "K\x04t", "\x8a\x05\x00\xe8\x76\x48\x17t", 1))
	legacy := legacyFile("\x80\x02" + strings.Replace(storage, "K\x04t", "\x8a\x05\x00\xe8\x76\x48\x17Nt", 1) + ".\x80\x02]X\x01\x00\x00\x000a.\x00\xe8\x76\x48\x17\x00\x00\x00" + strings.Repeat("x", 700))
	for name, c := range map[string]struct {
		b    []byte
		size int64
	}{
		"zip of 100 GB":             {claim, int64(len(claim))},
		"legacy of 100 GB":          {legacy, int64(len(legacy))},
		"zip, and a size to match":  {claim, 100 << 30},
		"legacy, size to match":     {legacy, 100 << 30},
		"zip, 4 GB to match":        {claim, 4 << 30},
		"legacy, 4 GB to match":     {legacy, 4 << 30},
		"nothing, but a size 1 TB":  {nil, 1 << 40},
		"negative size":             {claim, -1},
		"text of 4 GB":              {withPickle(t, "X\xff\xff\xff\xffabc"), 0},
		"100 GB from a stride of 0": {withPickle(t, view("K\x00J\xff\xff\xff\x7f\x85K\x00\x85")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			size := c.size
			if size == 0 {
				size = int64(len(c.b))
			}
			for _, read := range []func() (*File, error){
				func() (*File, error) { return Read(bytes.NewReader(c.b), size) },
				func() (*File, error) { return ReadHeader(bytes.NewReader(c.b), size) },
			} {
				var err error
				got := allocated(func() { _, err = read() })
				if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTooLarge) {
					t.Errorf("error %v, want ErrCorrupt or ErrTooLarge", err)
				}
				if got > 1<<20 {
					t.Errorf("%d bytes were allocated for %d", got, len(c.b))
				}
			}
		})
	}
}

// Pickles that make the most of every byte.
func TestObjectsAreBounded(t *testing.T) {
	const n = 3 << 20
	for name, body := range map[string]string{
		"empty dicts":  "(" + strings.Repeat("}", n),
		"empty lists":  "](" + strings.Repeat("]", n) + "e",
		"nothings":     "](" + strings.Repeat("N", n) + "e",
		"small ints":   "](" + strings.Repeat("K\x01", n) + "e",
		"ints":         "](" + strings.Repeat("M\xff\xff", n) + "e",
		"floats":       "](" + strings.Repeat("Gabcdefgh", n/2) + "e",
		"marks":        strings.Repeat("(", n),
		"tuples":       "N" + strings.Repeat("\x85", n),
		"keys":         "}(" + keys(n/4) + "u",
		"memos":        "N" + memos(n/4),
		"names":        "(" + strings.Repeat("ctorch\nSize\n", n/4),
		"classes":      "(" + strings.Repeat("ctorch\nIntStorage\n", n/4),
		"text":         "(" + strings.Repeat("X\x40\x00\x00\x00"+strings.Repeat("t", 64), n/16),
		"big numbers":  "(" + strings.Repeat("\x8a\xff"+strings.Repeat("\x7f", 255), n/64),
		"sets":         "(" + strings.Repeat("c__builtin__\nset\n)R", n/8),
		"copied sets":  "]q\x00(" + strings.Repeat("N", 10000) + "e" + strings.Repeat("c__builtin__\nset\nh\x00\x85R", 2000),
		"copied dicts": "}q\x00(" + keys(10000) + "u" + strings.Repeat("ccollections\nOrderedDict\nh\x00\x85R", 2000),
		"tensors":      "(" + strings.Repeat(view("K\x00K\x04\x85K\x01\x85"), n/32),
		"deep":         strings.Repeat("]", n),
	} {
		t.Run(name, func(t *testing.T) {
			b := withPickle(t, body)
			var err error
			before := heap()
			var f *File
			got := allocated(func() { f, err = Parse(b) })
			held := int64(heap()) - int64(before)
			runtime.KeepAlive(b)
			if err == nil {
				t.Logf("%d objects were read", len(f.Tensors))
			} else if !hasCause(err) {
				t.Error(err)
			}
			if limit := uint64(2*len(b) + 64<<20); got > limit {
				t.Errorf("%d bytes were allocated for a file of %d, want at most %d (%d held; %v)", got, len(b), limit, held, err)
			}
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("J")
		b.Write(le.AppendUint32(nil, uint32(i)))
		b.WriteString("N")
	}
	return b.String()
}

func memos(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("r")
		b.Write(le.AppendUint32(nil, uint32(i)))
	}
	return b.String()
}

// One storage that many state dicts show, each within bounds, and candidates
// that lead to each other.
func TestStateDictsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("}q\x00(X\x06\x00\x00\x00weight" + view("K\x00K\x04\x85K\x01\x85"))
	for i := range 2000 {
		fmt.Fprintf(&b, "X\x05\x00\x00\x00%05dN", i)
	}
	body := b.String() + "uq\x01](" + strings.Repeat("h\x00", 50000) + "e\x86"
	f := mustParse(t, withPickle(t, body))
	var all []*StateDict
	got := allocated(func() { all = f.StateDicts() })
	if len(all) != maxCandidates || got > 16<<20 {
		t.Errorf("%d candidates in %d bytes, want %d in at most 16 MB", len(all), got, maxCandidates)
	}
	if s, err := f.StateDict(""); err != nil || len(s.Others) != 2000 {
		t.Errorf("one dict at many paths: %v", err)
	}
}

func TestHonestFilesTakeTwiceTheirSize(t *testing.T) {
	values := make([]float32, 8<<20)
	x, err := New("weight", []int{len(values)}, values)
	if err != nil {
		t.Fatal(err)
	}
	b := zipOf(t, []NamedTensor{x})
	got := allocated(func() {
		f, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Tensors[0].Float32s(); err != nil {
			t.Fatal(err)
		}
	})
	if limit := uint64(2*len(b) + 1<<20); got > limit {
		t.Errorf("%d bytes were allocated for a file of %d, want at most %d", got, len(b), limit)
	}
	got = allocated(func() {
		if _, err := ReadHeader(bytes.NewReader(b), int64(len(b))); err != nil {
			t.Fatal(err)
		}
	})
	if got > 1<<20 {
		t.Errorf("the header took %d bytes", got)
	}
}
