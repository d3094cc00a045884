package pth

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

func TestLyingFilesGetNoMemory(t *testing.T) {
	claim := withPickle(t, strings.Replace(view("K\x00\x8a\x05\x00\xe8\x76\x48\x17\x85K\x01\x85"), "K\x04t", "\x8a\x05\x00\xe8\x76\x48\x17t", 1))
	legacy := legacyFile("\x80\x02" + strings.Replace(storage, "K\x04t", "\x8a\x05\x00\xe8\x76\x48\x17Nt", 1) + ".\x80\x02]X\x01\x00\x00\x000a.\x00\xe8\x76\x48\x17\x00\x00\x00" + strings.Repeat("x", 700))
	hostile.CheckLies(t, map[string]hostile.Lie{
		"zip of 100 GB":             {File: claim, Size: int64(len(claim))},
		"legacy of 100 GB":          {File: legacy, Size: int64(len(legacy))},
		"zip, and a size to match":  {File: claim, Size: 100 << 30},
		"legacy, size to match":     {File: legacy, Size: 100 << 30},
		"zip, 4 GB to match":        {File: claim, Size: 4 << 30},
		"legacy, 4 GB to match":     {File: legacy, Size: 4 << 30},
		"nothing, but a size 1 TB":  {Size: 1 << 40},
		"negative size":             {File: claim, Size: -1},
		"text of 4 GB":              {File: withPickle(t, "X\xff\xff\xff\xffabc")},
		"100 GB from a stride of 0": {File: withPickle(t, view("K\x00J\xff\xff\xff\x7f\x85K\x00\x85"))},
	}, readHeaderAt)
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
			got := hostile.Allocated(func() { f, err = Parse(b) })
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
	got := hostile.Allocated(func() { all = f.StateDicts() })
	if len(all) != maxCandidates || got > 16<<20 {
		t.Errorf("%d candidates in %d bytes, want %d in at most 16 MB", len(all), got, maxCandidates)
	}
	if n := len(all[0].Others); n != 2000 {
		t.Errorf("%d other keys, want 2000", n)
	}
}

// Each view is small enough; together they are not. Halves may be widened.
func TestTensorsAreBoundedTogether(t *testing.T) {
	views := func(n int, of string) []byte {
		one := strings.Replace(of, "K\x00K\x04\x85K\x01\x85", "K\x00J\x00\x00\x10\x00\x85K\x00\x85", 1) // 2^20 elements
		return withPickle(t, "]("+strings.Repeat(one, n)+"e")
	}
	single := view("K\x00K\x04\x85K\x01\x85")
	if f := mustParse(t, views(16, single)); len(f.Tensors) != 16 {
		t.Errorf("%d tensors of 4 MB", len(f.Tensors))
	}
	wantRefused(t, views(17, single), ErrTooLarge, "show a storage many times")

	x, err := NewHalf("weight", []int{40 << 20}, make([]float32, 40<<20))
	if err != nil {
		t.Fatal(err)
	}
	b := zipOf(t, []NamedTensor{x}) // 80 MB that become 160
	if f, err := ReadHeader(bytes.NewReader(b), int64(len(b))); err != nil || f.Tensors[0].Len() != 40<<20 {
		t.Errorf("a large file of halves: %v", err)
	}
}

func TestTensorsTakeTheSizeOfTheirFile(t *testing.T) {
	values := make([]float32, 8<<20)
	x, err := New("weight", []int{len(values)}, values)
	if err != nil {
		t.Fatal(err)
	}
	b := zipOf(t, []NamedTensor{x})
	got := hostile.Allocated(func() {
		f, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Tensors[0].Float32s(); err != nil {
			t.Fatal(err)
		}
	})
	if limit := uint64(len(b) + 1<<20); got > limit {
		t.Errorf("%d bytes were allocated for a file of %d, want at most %d", got, len(b), limit)
	}
	got = hostile.Allocated(func() {
		if _, err := ReadHeader(bytes.NewReader(b), int64(len(b))); err != nil {
			t.Fatal(err)
		}
	})
	if got > 1<<20 {
		t.Errorf("the header took %d bytes", got)
	}
}
