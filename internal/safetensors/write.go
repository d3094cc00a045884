package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

// Write writes a file with its digest. Equal arguments give equal bytes.
//
// The header names the tensors in the order given, and before them the digest
// and the metadata sorted by key; metadata entries sha256 and sha256_of are
// replaced, so that what was read can be written again. The data is laid out
// by falling element size and otherwise in the order given, so that every
// element is aligned for readers that map the file. What Read would refuse is
// an error: names given twice or not in UTF-8, unknown dtypes, data that does
// not fit its shape, and sizes beyond the limits.
func Write(w io.Writer, metadata map[string]string, tensors []Tensor) error {
	order, json, err := layOut(metadata, tensors)
	if err != nil {
		return fmt.Errorf("safetensors: write: %w", err)
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(json)))
	at := bytes.Index(json, zeroDigits) // metadata keys and tensors come after it
	d := newDigest(length, json, at)
	for _, i := range order {
		d.Write(tensors[i].Data)
	}
	hex.Encode(json[at:], d.Sum(nil))

	for _, b := range [][]byte{length, json} {
		if _, err := w.Write(b); err != nil {
			return fmt.Errorf("safetensors: write: %w", err)
		}
	}
	for _, i := range order {
		if _, err := w.Write(tensors[i].Data); err != nil {
			return fmt.Errorf("safetensors: write tensor %s: %w", refuse.Quote(tensors[i].Name), err)
		}
	}
	return nil
}

// WriteFile writes a file at path, replacing one that is there: path holds the
// old file or the whole new one at every moment, also after a crash. Use
// fileio.WriteFile with Write where nothing must be replaced.
//
// within is that of fileio.Options: the folder below which no symbolic link is followed.
func WriteFile(path, within string, metadata map[string]string, tensors []Tensor) error {
	return fileio.WriteFile(path, fileio.Options{Force: true, Within: within}, func(w io.Writer) error {
		return Write(w, metadata, tensors)
	})
}

// layOut returns the order of the tensors' data, and the JSON with zeros for
// the digest.
func layOut(metadata map[string]string, tensors []Tensor) (order []int, json []byte, err error) {
	if len(tensors) > MaxTensors || len(metadata) > MaxTensors-2 {
		return nil, nil, refuse.TooLarge("%d tensors and %d metadata entries, want at most %d of each", len(tensors), len(metadata), MaxTensors-2)
	}
	seen := map[string]bool{metadataKey: true}
	for i := range tensors {
		t := &tensors[i]
		if err := t.writable(); err != nil {
			return nil, nil, fmt.Errorf("tensor %s: %w", refuse.Quote(t.Name), err)
		}
		if seen[t.Name] {
			return nil, nil, fmt.Errorf("tensor %s: name is given twice or reserved", refuse.Quote(t.Name))
		}
		seen[t.Name] = true
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(tensors[b].DType.Bits(), tensors[a].DType.Bits())
	})
	begins := make([]int64, len(tensors))
	var end int64
	for _, i := range order {
		begins[i] = end
		end += int64(len(tensors[i].Data))
	}

	json, err = appendMetadata([]byte{'{'}, metadata)
	if err != nil {
		return nil, nil, err
	}
	for i := range tensors {
		t := &tensors[i]
		json = appendString(append(json, ','), t.Name)
		json = fmt.Appendf(json, `:{"dtype":"%s","shape":[`, t.DType)
		for axis, d := range t.Shape {
			if axis > 0 {
				json = append(json, ',')
			}
			json = strconv.AppendInt(json, int64(d), 10)
		}
		json = fmt.Appendf(json, `],"data_offsets":[%d,%d]}`, begins[i], begins[i]+int64(len(t.Data)))
	}
	json = append(json, '}')
	for len(json)%8 != 0 {
		json = append(json, ' ')
	}
	if len(json) > MaxHeader || end > MaxFile-MaxHeader {
		return nil, nil, refuse.TooLarge("header of %d bytes and data of %d, want at most %d and %d", len(json), end, MaxHeader, int64(MaxFile-MaxHeader))
	}
	return order, json, nil
}

// writable says why t cannot be written.
func (t *Tensor) writable() error {
	if !utf8.ValidString(t.Name) {
		return fmt.Errorf("name is not UTF-8")
	}
	want, err := t.size()
	if err != nil {
		return err
	}
	if len(t.Data) != want {
		return fmt.Errorf("%d bytes, want %d for %s %v", len(t.Data), want, t.DType, t.Shape)
	}
	return nil
}

// appendMetadata appends the metadata object, the digest's entries first.
func appendMetadata(json []byte, metadata map[string]string) ([]byte, error) {
	json = fmt.Appendf(json, `"%s":{"%s":"%s","%s":"%s"`, metadataKey, DigestKey, zeroDigits, digestOfKey, digestOf)
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		value := metadata[key]
		if len(key)+len(value) > MaxHeader-len(json) {
			return nil, refuse.TooLarge("header of more than %d bytes at metadata %s", MaxHeader, refuse.Quote(key))
		}
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return nil, fmt.Errorf("metadata %s: not UTF-8", refuse.Quote(key))
		}
		if key == DigestKey || key == digestOfKey {
			continue
		}
		json = appendString(append(json, ','), key)
		json = appendString(append(json, ':'), value)
	}
	return append(json, '}'), nil
}

// appendString appends s, which is UTF-8, as a JSON string.
func appendString(json []byte, s string) []byte {
	json = append(json, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			json = append(json, '\\', c)
		case c < ' ':
			json = append(json, '\\', 'u', '0', '0', '0'+c>>4, "0123456789abcdef"[c&15])
		default:
			json = append(json, c)
		}
	}
	return append(json, '"')
}
