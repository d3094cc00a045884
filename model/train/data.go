package train

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// probes is how many pictures identify a source that does not do so itself.
const probes = 16

// identify returns what tells src from other data.
func identify(src Source, shape dims) (Data, error) {
	d := Data{Images: src.Len()}
	if s, ok := src.(interface{ Fingerprint() string }); ok {
		d.Fingerprint = s.Fingerprint()
		return d, nil
	}
	n := min(probes, d.Images)
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i * d.Images / n
	}
	x := make([]float32, n*shape.floats())
	if err := src.Load(context.Background(), indices, x); err != nil {
		return d, fmt.Errorf("train: data: %w", err)
	}
	h := sha256.New()
	b := make([]byte, 0, 4*shape.floats())
	for ; len(x) > 0; x = x[shape.floats():] {
		b = b[:0]
		for _, v := range x[:shape.floats()] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		h.Write(b)
	}
	d.Fingerprint = hex.EncodeToString(h.Sum(nil))
	return d, nil
}
