package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dcganviz/internal/hostile"
)

// FuzzParse looks for panics, and for files that are accepted although
// encoding/json reads something else in their header, or that do not survive
// being written.
func FuzzParse(f *testing.F) {
	addFiles(f)
	f.Fuzz(checkParse)
}

// FuzzResealed is FuzzParse with length and digest made right.
func FuzzResealed(f *testing.F) {
	addFiles(f)
	f.Fuzz(func(t *testing.T, b []byte) { checkParse(t, hostile.Reseal(b)) })
}

func addFiles(f *testing.F) {
	f.Helper()
	f.Add(written(f))
	for _, pattern := range []string{"testdata/foreign.safetensors", filepath.Join(referenceDir, "a*.safetensors")} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatal(pattern, err)
		}
		for _, path := range paths {
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
}

// FuzzHeader is FuzzParse with a length that is always right and data of
// zeros, so that more headers are accepted.
func FuzzHeader(f *testing.F) {
	f.Add(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b\n":{"dtype":"BOOL","shape":[],"data_offsets":[8,9]}}`, uint16(9))
	f.Add(`{"__metadata__":{"a":"\ud83d\ude00"},"x":{"data_offsets":[0,2],"shape":[1,1],"dtype":"BF16"}}  `, uint16(2))
	f.Add(`{"half":{"dtype":"F16","shape":[0,3],"data_offsets":[4,4]},"":{"dtype":"U32","shape":[],"data_offsets":[0,4]}}`, uint16(4))
	f.Fuzz(func(t *testing.T, header string, data uint16) {
		checkParse(t, file(header, int(data)))
	})
}

// checkParse is the body of the fuzz targets.
func checkParse(t *testing.T, b []byte) {
	got, err := Parse(b)
	again, rerr := Read(bytes.NewReader(b), int64(len(b)))
	if fmt.Sprint(err) != fmt.Sprint(rerr) {
		t.Fatalf("Parse: %v, Read: %v", err, rerr)
	}
	if err != nil {
		return
	}
	if !slices.EqualFunc(got.Tensors, again.Tensors, func(a, b Tensor) bool { return a.Equal(&b) }) {
		t.Fatal("Parse and Read disagree")
	}
	compareWithEncodingJSON(t, got, b)
	for _, x := range got.Tensors {
		values, err := x.Float32s()
		if err == nil && len(values) != x.Len() {
			t.Fatalf("%s: %d values, want %d", x.Name, len(values), x.Len())
		}
		if wide, err := x.Float64s(); err == nil && len(wide) != x.Len() {
			t.Fatalf("%s: %d values, want %d", x.Name, len(wide), x.Len())
		}
		if ints, err := x.Int64s(); err == nil && len(ints) != x.Len() {
			t.Fatalf("%s: %d values, want %d", x.Name, len(ints), x.Len())
		}
	}
	wantRoundTrip(t, got)
}

// compareWithEncodingJSON reads the header of b, which Parse accepted, with
// the standard library.
func compareWithEncodingJSON(t *testing.T, got *File, b []byte) {
	t.Helper()
	n := binary.LittleEndian.Uint64(b)
	var values map[string]json.RawMessage
	if err := json.Unmarshal(b[8:8+n], &values); err != nil {
		t.Fatalf("encoding/json refuses the header: %v", err)
	}
	if raw, ok := values[metadataKey]; ok {
		var want map[string]string
		if err := json.Unmarshal(raw, &want); err != nil || fmt.Sprint(want) != fmt.Sprint(got.Metadata) {
			t.Fatalf("metadata %q, encoding/json reads %q (%v)", got.Metadata, want, err)
		}
		delete(values, metadataKey)
	}
	if len(values) != len(got.Tensors) {
		t.Fatalf("%d tensors, encoding/json reads %d", len(got.Tensors), len(values))
	}
	covered := 0
	for _, x := range got.Tensors {
		var want struct {
			DType       DType
			Shape       []int
			DataOffsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(values[x.Name], &want); err != nil {
			t.Fatalf("tensor %q: encoding/json: %v", x.Name, err)
		}
		begin, end := want.DataOffsets[0], want.DataOffsets[1]
		if x.DType != want.DType || !slices.Equal(x.Shape, want.Shape) || !bytes.Equal(x.Data, b[8+int(n)+begin:8+int(n)+end]) {
			t.Fatalf("tensor %q is %s %v with %d bytes, encoding/json reads %+v", x.Name, x.DType, x.Shape, len(x.Data), want)
		}
		covered += len(x.Data)
	}
	if covered != len(b)-8-int(n) {
		t.Fatalf("tensors hold %d of %d bytes", covered, len(b)-8-int(n))
	}
}

// Equal reports whether t and u have the same name, dtype, shape and bytes.
func (t *Tensor) Equal(u *Tensor) bool {
	if t.Name != u.Name || t.DType != u.DType || len(t.Shape) != len(u.Shape) {
		return false
	}
	for i, d := range t.Shape {
		if d != u.Shape[i] {
			return false
		}
	}
	return bytes.Equal(t.Data, u.Data)
}
