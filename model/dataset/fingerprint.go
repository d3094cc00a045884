package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// fingerprint is described at Set.Fingerprint.
func fingerprint(c *contents) string {
	h := sha256.New()
	var buf []byte
	text := func(s string) {
		buf = binary.LittleEndian.AppendUint64(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	text("dcganviz pictures 1")
	text(string(c.digest))
	buf = binary.LittleEndian.AppendUint64(buf, uint64(len(c.classes)))
	for _, name := range c.classes {
		text(name)
	}
	h.Write(buf)
	for _, e := range c.entries {
		buf = buf[:0]
		text(e.name)
		buf = binary.LittleEndian.AppendUint64(buf, uint64(e.size))
		buf = binary.LittleEndian.AppendUint64(buf, uint64(e.class))
		h.Write(buf)
	}
	return hex.EncodeToString(h.Sum(nil))
}
