package safetensors

import (
	"cmp"
	"fmt"
	"slices"

	"dcganviz/internal/refuse"
)

// metadataKey is the one key of a header that names no tensor.
const metadataKey = "__metadata__"

// header is what the JSON of a file says, checked as far as it can be without
// the data.
type header struct {
	metadata map[string]string
	tensors  []Tensor       // in the order of the JSON, without data
	index    map[string]int // of a name in tensors
	digestAt int            // where the 64 digits of metadata "sha256" begin; 0 without them
	spans    []span
}

// span is the place of a tensor's bytes in the data.
type span struct {
	begin, end int64
	tensor     int
}

// parseHeader reads the JSON b of a file whose data has dataBytes bytes.
func parseHeader(b []byte, dataBytes int64) (*header, error) {
	if len(b) == 0 || b[0] != '{' {
		return nil, (&scanner{b: b}).fail(`"{"`)
	}
	h := &header{index: map[string]int{}}
	s := &scanner{b: b}
	err := s.object(func(key string) error {
		if key == metadataKey {
			return h.parseMetadata(s)
		}
		if _, ok := h.index[key]; ok {
			return refuse.Corrupt("header names %s twice", refuse.Quote(key))
		}
		if len(h.tensors) == MaxTensors {
			return refuse.TooLarge("more than %d tensors", MaxTensors)
		}
		t, end, err := parseTensor(s, key)
		if err != nil {
			return err
		}
		size, err := t.size()
		if err == nil && end-t.Offset != int64(size) {
			err = refuse.Corrupt("data_offsets [%d, %d] hold %d bytes, want %d for %s %v", t.Offset, end, end-t.Offset, size, t.DType, t.Shape)
		}
		if err != nil {
			return fmt.Errorf("tensor %s: %w", refuse.Quote(key), err)
		}
		h.index[key] = len(h.tensors)
		h.spans = append(h.spans, span{t.Offset, end, len(h.tensors)})
		h.tensors = append(h.tensors, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.space(); s.at != len(b) {
		return nil, s.fail("only spaces after the closing brace")
	}
	return h, h.tile(dataBytes)
}

// parseMetadata reads the object of strings.
func (h *header) parseMetadata(s *scanner) error {
	if h.metadata != nil {
		return refuse.Corrupt("header names %s twice", refuse.Quote(metadataKey))
	}
	h.metadata = map[string]string{}
	return s.object(func(key string) error {
		if _, ok := h.metadata[key]; ok {
			return refuse.Corrupt("metadata names %s twice", refuse.Quote(key))
		}
		if len(h.metadata) == MaxTensors {
			return refuse.TooLarge("more than %d metadata entries", MaxTensors)
		}
		s.space()
		from := s.at
		value, err := s.str()
		if err != nil {
			return fmt.Errorf("metadata %s: %w", refuse.Quote(key), err)
		}
		// Only digits written without escapes can be located in the file.
		if key == DigestKey && s.at-from == digestDigits+2 && len(value) == digestDigits {
			h.digestAt = from + 1
		}
		h.metadata[key] = value
		return nil
	})
}

// parseTensor reads the description of one tensor and returns it with the end
// of its bytes.
func parseTensor(s *scanner, name string) (t Tensor, end int64, err error) {
	t = Tensor{Name: name, Shape: []int{}}
	seen := map[string]bool{}
	err = s.object(func(key string) (err error) {
		if seen[key] {
			return refuse.Corrupt("%s is given twice", key)
		}
		seen[key] = true
		switch key {
		case "dtype":
			var d string
			d, err = s.str()
			t.DType = DType(d)
		case "shape":
			t.Shape, err = parseShape(s)
		case "data_offsets":
			t.Offset, end, err = parseOffsets(s)
		default:
			err = refuse.Unsupported("key %s, want dtype, shape and data_offsets", refuse.Quote(key))
		}
		return err
	})
	if err == nil && len(seen) != 3 {
		err = refuse.Corrupt("dtype, shape or data_offsets is missing")
	}
	if err != nil {
		return Tensor{}, 0, fmt.Errorf("tensor %s: %w", refuse.Quote(name), err)
	}
	return t, end, nil
}

func parseShape(s *scanner) ([]int, error) {
	var axes [MaxRank]int
	n := 0
	err := s.list('[', ']', func() error {
		if n == MaxRank {
			return refuse.TooLarge("shape has more than %d axes", MaxRank)
		}
		d, err := s.natural()
		if err != nil {
			return err
		}
		if d > MaxDim {
			return refuse.TooLarge("axis %d has length %d, want at most %d", n, d, MaxDim)
		}
		axes[n] = int(d)
		n++
		return nil
	})
	return append([]int{}, axes[:n]...), err
}

func parseOffsets(s *scanner) (begin, end int64, err error) {
	var ends []int64
	err = s.list('[', ']', func() error {
		if len(ends) == 2 {
			return s.fail("two data_offsets")
		}
		n, err := s.natural()
		ends = append(ends, n)
		return err
	})
	if err == nil && len(ends) != 2 {
		err = refuse.Corrupt("%d data_offsets, want 2", len(ends))
	}
	if err == nil && ends[0] > ends[1] {
		err = refuse.Corrupt("data_offsets [%d, %d] run backwards", ends[0], ends[1])
	}
	if err != nil {
		return 0, 0, err
	}
	return ends[0], ends[1], nil
}

// tile checks that the tensors cover the data from its first byte to its last,
// each byte once.
func (h *header) tile(dataBytes int64) error {
	slices.SortFunc(h.spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	var covered int64
	for _, s := range h.spans {
		if s.begin != covered {
			what := "a hole before it"
			if s.begin < covered {
				what = "an overlap with another tensor"
			}
			return refuse.Corrupt("tensor %s: data begins at %d, want %d: %s", refuse.Quote(h.tensors[s.tensor].Name), s.begin, covered, what)
		}
		covered = s.end
	}
	if covered != dataBytes {
		return refuse.Corrupt("%d bytes of data, want %d as the tensors say", dataBytes, covered)
	}
	return nil
}
