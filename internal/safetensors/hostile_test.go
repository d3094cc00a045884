package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"os"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// file puts the length before a header and data bytes of zeros after it.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

func TestHostileHeaders(t *testing.T) {
	const one = `{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`
	for _, c := range []struct {
		name, header string
		data         int
		want         error
		text         string
	}{
		{"empty", "", 0, ErrCorrupt, "header ends at byte 0"},
		{"array", "[]", 0, ErrCorrupt, `byte 0 is "["`},
		{"space first", " {}", 0, ErrCorrupt, `byte 0 is " "`},
		{"open", "{", 0, ErrCorrupt, "header ends at byte 1"},
		{"text after", "{}x", 0, ErrCorrupt, "closing brace"},
		{"two objects", "{}{}", 0, ErrCorrupt, "closing brace"},
		{"trailing comma", `{"a":` + one + `,}`, 1, ErrCorrupt, ""},
		{"missing comma", `{"a":` + one + `"b":` + one + `}`, 1, ErrCorrupt, `want "," or "}"`},
		{"name not a string", `{a:` + one + `}`, 1, ErrCorrupt, ""},
		{"name twice", `{"a":` + one + `,"a":` + one + `}`, 1, ErrCorrupt, `header names "a" twice`},
		{"name twice by escape", `{"a":` + one + `,"\u0061":` + one + `}`, 1, ErrCorrupt, `header names "a" twice`},
		{"metadata twice", `{"__metadata__":{},"__metadata__":{}}`, 0, ErrCorrupt, "twice"},
		{"metadata key twice", `{"__metadata__":{"a":"1","a":"1"}}`, 0, ErrCorrupt, `metadata names "a" twice`},
		{"metadata number", `{"__metadata__":{"a":1}}`, 0, ErrCorrupt, `metadata "a"`},
		{"metadata null", `{"__metadata__":null}`, 0, ErrCorrupt, ""},
		{"tensor null", `{"a":null}`, 0, ErrCorrupt, ""},
		{"tensor empty", `{"a":{}}`, 0, ErrCorrupt, `tensor "a": dtype, shape or data_offsets is missing`},
		{"no dtype", `{"a":{"shape":[1],"data_offsets":[0,1]}}`, 1, ErrCorrupt, "missing"},
		{"no shape", `{"a":{"dtype":"U8","data_offsets":[0,1]}}`, 1, ErrCorrupt, "missing"},
		{"no offsets", `{"a":{"dtype":"U8","shape":[1]}}`, 1, ErrCorrupt, "missing"},
		{"dtype twice", `{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1, ErrCorrupt, "dtype is given twice"},
		{"unknown key", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"strides":[1]}}`, 1, ErrUnsupported, `"strides"`},
		{"unknown dtype", `{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}`, 16, ErrUnsupported, `tensor "a": dtype "F128"`},
		{"lower case dtype", `{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}`, 4, ErrUnsupported, `"f32"`},
		{"control in dtype", `{"a":{"dtype":"\u001b[31m","shape":[1],"data_offsets":[0,4]}}`, 4, ErrUnsupported, `"\x1b[31m"`},
		{"negative axis", `{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}`, 1, ErrCorrupt, `"-"`},
		{"real axis", `{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}`, 1, ErrCorrupt, `"."`},
		{"exponent", `{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}`, 1, ErrCorrupt, `"e"`},
		{"leading zero", `{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}`, 1, ErrCorrupt, "leading zero"},
		{"axis as text", `{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}`, 1, ErrCorrupt, "a number"},
		{"axis past int64", `{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}`, 1, ErrTooLarge, "number above"},
		{"long axis", `{"a":{"dtype":"U8","shape":[0,2147483648],"data_offsets":[0,0]}}`, 0, ErrTooLarge, "axis 1"},
		{"many axes", `{"a":{"dtype":"U8","shape":[` + strings.Repeat("1,", 16) + `1],"data_offsets":[0,1]}}`, 1, ErrTooLarge, "axes"},
		{"product overflows", `{"a":{"dtype":"U8","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,1]}}`, 1, ErrCorrupt, "overflows"},
		{"product wraps to 0", `{"a":{"dtype":"U8","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}`, 0, ErrCorrupt, "overflows"},
		{"bits overflow", `{"a":{"dtype":"F64","shape":[2147483647,2147483647],"data_offsets":[0,1]}}`, 1, ErrCorrupt, ""},
		{"one offset", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}`, 1, ErrCorrupt, "1 data_offsets"},
		{"three offsets", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}`, 1, ErrCorrupt, "data_offsets"},
		{"backwards", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}`, 1, ErrCorrupt, "run backwards"},
		{"wrong size", `{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,10]}}`, 10, ErrCorrupt, "hold 10 bytes, want 12 for F32 [3]"},
		{"claims 100 GB", `{"a":{"dtype":"F32","shape":[25000000000],"data_offsets":[0,100000000000]}}`, 900, ErrTooLarge, "axis 0"},
		{"claims 100 GB in two axes", `{"a":{"dtype":"F32","shape":[250000,100000],"data_offsets":[0,100000000000]}}`, 900, ErrCorrupt, "900 bytes of data, want 100000000000"},
		{"hole first", `{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2, ErrCorrupt, "a hole before it"},
		{"hole last", `{"a":` + one + `}`, 2, ErrCorrupt, "2 bytes of data, want 1"},
		{"cut short", `{"a":` + one + `}`, 0, ErrCorrupt, "0 bytes of data, want 1"},
		{"no tensors but data", `{}`, 1, ErrCorrupt, "1 bytes of data, want 0"},
		{"overlap", `{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3, ErrCorrupt, `tensor "b": data begins at 1, want 2: an overlap`},
		{"same bytes", `{"a":` + one + `,"b":` + one + `}`, 1, ErrCorrupt, "an overlap"},
		{"nothing in the middle", `{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}`, 2, ErrCorrupt, "an overlap"},
		{"control character", "{\"a\n\":" + one + "}", 1, ErrCorrupt, "control character"},
		{"name not UTF-8", "{\"a\xff\":" + one + "}", 1, ErrCorrupt, "not UTF-8"},
		{"escaped but not UTF-8", "{\"\\n\xc3\":" + one + "}", 1, ErrCorrupt, "not UTF-8"},
		{"surrogate in UTF-8", "{\"\xed\xa0\x80\":" + one + "}", 1, ErrCorrupt, "not UTF-8"},
		{"high surrogate", `{"\ud83d":` + one + `}`, 1, ErrCorrupt, "no escape"},
		{"low surrogate", `{"\ude00\ud83d":` + one + `}`, 1, ErrCorrupt, "no escape"},
		{"high twice", `{"\ud83d\ud83d":` + one + `}`, 1, ErrCorrupt, "no escape"},
		{"short escape", `{"\u00e":` + one + `}`, 1, ErrCorrupt, "no escape"},
		{"unknown escape", `{"\x41":` + one + `}`, 1, ErrCorrupt, "no escape"},
		{"open escape", `{"\`, 1, ErrCorrupt, "end of a string"},
		{"open string", `{"a`, 1, ErrCorrupt, "end of a string"},
		{"digest alone", `{"__metadata__":{"sha256":"` + string(zeroDigits) + `"}}`, 0, ErrCorrupt, "only one of"},
		{"digest without digits", `{"__metadata__":{"sha256_of":"` + digestOf + `"}}`, 0, ErrCorrupt, "only one of"},
		{"digest of something else", `{"__metadata__":{"sha256":"` + string(zeroDigits) + `","sha256_of":"the data"}}`, 0, ErrCorrupt, `is "the data"`},
		{"digest too short", `{"__metadata__":{"sha256":"00","sha256_of":"` + digestOf + `"}}`, 0, ErrCorrupt, "64 digits"},
		{"digest escaped", `{"__metadata__":{"sha256":"\u0030` + string(zeroDigits[1:]) + `","sha256_of":"` + digestOf + `"}}`, 0, ErrCorrupt, "64 digits"},
		{"digest wrong", `{"__metadata__":{"sha256":"` + string(zeroDigits) + `","sha256_of":"` + digestOf + `"}}`, 0, ErrCorrupt, "SHA-256 of the contents is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := file(c.header, c.data)
			_, err := Parse(b)
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.text) {
				t.Errorf("Parse: %v, want %q: %v", err, c.text, c.want)
			}
			if _, rerr := Read(bytes.NewReader(b), int64(len(b))); fmt.Sprint(rerr) != fmt.Sprint(err) {
				t.Errorf("Read: %v, want Parse's %v", rerr, err)
			}
			if strings.ContainsFunc(fmt.Sprint(err), func(r rune) bool { return r < ' ' }) {
				t.Errorf("the error %q steers the terminal", err)
			}
		})
	}
}

func TestOddButValidHeaders(t *testing.T) {
	for name, b := range map[string][]byte{
		"no tensors":      file("{}", 0),
		"no metadata":     file(`{"__metadata__":{}}`, 0),
		"white space":     file("{ \n\t\r\"a\" : { \"shape\" : [ ] , \"dtype\" : \"U8\" , \"data_offsets\" : [ 0 , 1 ] } } \n", 1),
		"metadata last":   file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"k":"v"}}`, 1),
		"empty name":      file(`{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
		"nothing between": file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F64","shape":[0,9],"data_offsets":[1,1]}}`, 1),
		"data reversed":   file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 2),
		"all escapes":     file(`{"\"\\\/\b\f\n\r\t\u0041\uD83D\uDE00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Parse(b)
			if err != nil {
				t.Fatal(err)
			}
			wantRoundTrip(t, f)
			if name == "all escapes" && !f.Has("\"\\/\b\f\n\r\tA😀") {
				t.Errorf("name is %q", f.Tensors[0].Name)
			}
		})
	}
}

// written returns a small file of ours.
func written(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, map[string]string{"arch": "pytorch"}, sample(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryBitFlipOfOurFileIsRefused(t *testing.T) {
	good := written(t)
	if _, err := Parse(good); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		for bit := range 8 {
			bad := slices.Clone(good)
			bad[i] ^= 1 << bit
			_, err := Parse(bad)
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrUnsupported) {
				t.Fatalf("bit %d of byte %d: %v, want a refusal", bit, i, err)
			}
		}
	}
}

func TestEveryTruncationIsRefused(t *testing.T) {
	foreign, err := os.ReadFile("testdata/foreign.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string][]byte{"ours": written(t), "foreign": foreign} {
		for n := range good {
			if _, err := Parse(good[:n]); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
			if _, err := Read(bytes.NewReader(good[:n]), int64(n)); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
			// A file that shrinks while it is read.
			if _, err := Read(bytes.NewReader(good[:n]), int64(len(good))); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of a promised %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
		}
		if _, err := Parse(append(slices.Clone(good), 0)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: a byte too many: %v, want ErrCorrupt", name, err)
		}
	}
}

// A foreign file has no digest: a flip may go unseen, but then at most one
// value, one name or one word of metadata has changed.
func TestBitFlipOfAForeignFileChangesOneThing(t *testing.T) {
	good, err := os.ReadFile("testdata/foreign.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	want, err := Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for i := range good {
		for bit := range 8 {
			bad := slices.Clone(good)
			bad[i] ^= 1 << bit
			got, err := Parse(bad)
			if err != nil {
				continue
			}
			accepted++
			changed := 0
			for k := range want.Tensors {
				a, b := &want.Tensors[k], &got.Tensors[k]
				if a.Name != b.Name {
					changed++
				}
				if len(a.Data) == 0 && len(b.Data) == 0 {
					continue // without elements any other axis may change
				}
				if a.DType != b.DType || !slices.Equal(a.Shape, b.Shape) {
					t.Fatalf("bit %d of byte %d: %s %v became %s %v", bit, i, a.DType, a.Shape, b.DType, b.Shape)
				}
				for j := range a.Data {
					changed += bits.OnesCount8(a.Data[j] ^ b.Data[j])
				}
			}
			if !maps.Equal(want.Metadata, got.Metadata) {
				changed++
			}
			if changed > 1 || len(got.Tensors) != len(want.Tensors) {
				t.Fatalf("bit %d of byte %d changed %d things", bit, i, changed)
			}
		}
	}
	if accepted == 0 {
		t.Error("every flip was refused: this test compared nothing")
	}
}

// Read reads and checks a file of size bytes, as ReadFile does that of a path.
func Read(r io.ReaderAt, size int64) (*File, error) { return prefixed(read(r, size, true)) }

func readAt(r io.ReaderAt, size int64) error {
	_, err := Read(r, size)
	return err
}

func TestLyingFilesGetNoMemory(t *testing.T) {
	length := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	claims := file(`{"a":{"dtype":"F32","shape":[250000,100000],"data_offsets":[0,100000000000]}}`, 900)
	hostile.CheckLies(t, map[string]hostile.Lie{
		"data of 100 GB":          {File: claims, Size: int64(len(claims))},
		"header of 100 MB":        {File: append(length(MaxHeader), make([]byte, 1000)...), Size: 1008},
		"header of 2^63":          {File: append(length(1<<63), make([]byte, 1000)...), Size: 1008},
		"header of 2^64-1":        {File: append(length(1<<64-1), make([]byte, 1000)...), Size: 1008},
		"size of 100 MB":          {File: append(length(MaxHeader-100), make([]byte, 1000)...), Size: MaxHeader},
		"size of 100 GB and data": {File: claims, Size: int64(len(claims)) - 900 + 100000000000},
	}, readAt)
}

// The bound of the whole program is twice the file and 64 MB. Each of these
// headers aims at another structure of the parser; the two that make many small
// objects run into the limit of their number, the others stay near the file's
// own size.
func TestBloatedHeadersStayInBounds(t *testing.T) {
	fill := func(items int, before string, item func(i int) string, after string) []byte {
		var s strings.Builder
		s.WriteString(before)
		for i := range items {
			s.WriteString(item(i))
		}
		s.WriteString(after)
		return file(s.String(), 0)
	}
	repeat := func(before, item, after string) []byte {
		return file(before+strings.Repeat(item, 1<<20)+after, 0)
	}
	const few, many = 1 << 10, 64 << 20 // bytes beyond twice the file
	for name, c := range map[string]struct {
		b    []byte
		more int
	}{
		"tensors": {fill(MaxTensors, `{"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, func(i int) string {
			return fmt.Sprintf(`,"%d":{"dtype":"U8","shape":[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,0]}`, i)
		}, `}`), many},
		"metadata": {fill(MaxTensors, `{"__metadata__":{"":""`, func(i int) string { return fmt.Sprintf(`,"%d":""`, i) }, `}}`), many},
		"escapes in keys": {fill(MaxTensors, `{"__metadata__":{"":""`, func(i int) string {
			return fmt.Sprintf(`,"\n%d":"\n"`, i)
		}, `}}`), many},
		"axes":     {repeat(`{"a":{"dtype":"U8","shape":[1`, ",1", `],"data_offsets":[0,1]}}`), few},
		"offsets":  {repeat(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0`, ",1", `]}}`), few},
		"escapes":  {repeat(`{"__metadata__":{"a":"`, `\n`, `"}}`), few},
		"text":     {repeat(`{"__metadata__":{"a":"`, "text", `"}}`), few},
		"one name": {repeat(`{"`, `\"`, `":{}}`), few},
		"dtype":    {repeat(`{"a":{"dtype":"`, "U", `","shape":[],"data_offsets":[0,0]}}`), few},
		"digits":   {repeat(`{"a":{"dtype":"U8","shape":[1`, "0", `],"data_offsets":[0,0]}}`), few},
		"brackets": {repeat(`{"a":`, "[", `}`), few},
		"spaces":   {repeat(`{`, " ", `}`), few},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			got := hostile.Allocated(func() { _, err = Read(bytes.NewReader(c.b), int64(len(c.b))) })
			// An allocation is rounded up to a whole page of 8 kB.
			if limit := uint64(2*len(c.b) + c.more + 4*8192); got > limit {
				t.Errorf("%d bytes were allocated for a file of %d, want at most %d", got, len(c.b), limit)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("the error has %d characters", len(err.Error()))
			}
			t.Logf("%.1f MB for %.1f: %v", float64(got)/1e6, float64(len(c.b))/1e6, err)
		})
	}
}

func TestReadTakesEachByteOnce(t *testing.T) {
	b := written(t)
	r := &countingReader{r: bytes.NewReader(b), seen: make([]int, len(b))}
	if _, err := Read(r, int64(len(b))); err != nil {
		t.Fatal(err)
	}
	for i, n := range r.seen[:len(b)-1] {
		if n != 1 {
			t.Fatalf("byte %d was read %d times", i, n)
		}
	}
	// The last one twice: once to see that it is there.
	clear(r.seen)
	f, err := ReadHeader(r, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	header := int(binary.LittleEndian.Uint64(b)) + lengthBytes
	for i, n := range r.seen[header : len(b)-1] {
		if n != 0 {
			t.Fatalf("byte %d of the data was read for the header alone", i)
		}
	}
	if f.SHA256 != "" {
		t.Error("a digest that was not checked is reported as checked")
	}
	if _, err := f.Float32s("main.0.weight"); err == nil || errors.Is(err, ErrCorrupt) {
		t.Errorf("data of a header: %v", err)
	}
	if got := f.Tensors[0].Len(); got != 6 {
		t.Errorf("%d elements, want 6", got)
	}
}

type countingReader struct {
	r    io.ReaderAt
	seen []int
}

func (c *countingReader) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.r.ReadAt(p, at)
	for i := range n {
		c.seen[int(at)+i]++
	}
	return n, err
}

func TestReadErrorsAreNotTakenForDamage(t *testing.T) {
	good := written(t)
	hostile.CheckBroken(t, good, []int{0, 8, 100, len(good) - 1}, readAt)
	if _, err := Read(bytes.NewReader(nil), -1); !errors.Is(err, ErrCorrupt) {
		t.Errorf("negative size: %v", err)
	}
}

func TestReadFileNamesThePath(t *testing.T) {
	hostile.CheckPaths(t, written(t)[:100], func(path string) error {
		_, err := ReadFile(path)
		return err
	}, func(path string) error {
		_, err := ReadFileHeader(path)
		return err
	})
}

func TestTensorsAreAskedForByNameAndType(t *testing.T) {
	f, err := ReadFile("testdata/foreign.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Float32s("weight"); !errors.Is(err, ErrNoTensor) {
		t.Errorf("unknown tensor: %v, want ErrNoTensor", err)
	}
	if _, err := f.Float32s("u8"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("bytes as floats: %v, want ErrUnsupported", err)
	}
	if _, err := f.Int64s("half"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("floats as integers: %v, want ErrUnsupported", err)
	}
	x, err := f.Tensor("single")
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Float32sInto(make([]float32, 9)); err == nil {
		t.Error("10 elements went into 9")
	}
}

func TestValuesOutOfRangeAreRefused(t *testing.T) {
	x, err := New("x", []int{2}, []float64{1, -1e39})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Float32s(); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), "element 1 is -1e+39") {
		t.Errorf("error %v, want ErrUnsupported at element 1", err)
	}
	y := Tensor{Name: "y", DType: BOOL, Shape: []int{2}, Data: []byte{1, 2}}
	if _, err := y.Int64s(); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "element 1 is byte 0x02") {
		t.Errorf("error %v, want ErrCorrupt at element 1", err)
	}
}

func TestSniff(t *testing.T) {
	for name, c := range map[string]struct {
		first []byte
		want  bool
	}{
		"ours":  {written(t)[:9], true},
		"short": {written(t)[:8], false},
		"png":   {[]byte("\x89PNG\r\n\x1a\n{"), false},
		"zip":   {[]byte("PK\x03\x04\x00\x00\x00\x00\x08"), false},
	} {
		if got := Sniff(c.first); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
