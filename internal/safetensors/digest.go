package safetensors

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"

	"dcganviz/internal/refuse"
)

// DigestKey is the metadata entry that holds a file's digest.
const DigestKey = "sha256"

// The other entry says what the digest is of; doc.go defines both. Either demands
// the other and the check, so that a flipped bit in one key is noticed by the
// other.
const (
	digestOfKey = "sha256_of"
	digestOf    = "this whole file with these 64 digits as zeros"
)

const digestDigits = 2 * sha256.Size

var zeroDigits = []byte(strings.Repeat("0", digestDigits))

// verify checks the digest of a file, given as its length field, the JSON and
// the data, and returns its digits; "" for a file that carries none.
func (h *header) verify(length, json, data []byte) (string, error) {
	want, ok := h.metadata[DigestKey]
	of, okOf := h.metadata[digestOfKey]
	switch {
	case !ok && !okOf:
		return "", nil
	case !ok || !okOf:
		return "", refuse.Corrupt("metadata has only one of %s and %s, want both or neither", DigestKey, digestOfKey)
	case of != digestOf:
		return "", refuse.Corrupt("metadata %s is %s, want %s", digestOfKey, refuse.Quote(of), refuse.Quote(digestOf))
	case h.digestAt == 0:
		return "", refuse.Corrupt("metadata %s is %s, want %d digits", DigestKey, refuse.Quote(want), digestDigits)
	}
	d := newDigest(length, json, h.digestAt)
	d.Write(data)
	// Compared as text: a digit in upper case is a flipped bit, too.
	if got := hex.EncodeToString(d.Sum(nil)); got != want {
		return "", refuse.Corrupt("SHA-256 of the contents is %s, want %s", got, want)
	}
	return want, nil
}

// newDigest starts the digest of a file whose JSON has its digits at at. The
// data is to be written to it.
func newDigest(length, json []byte, at int) hash.Hash {
	d := sha256.New()
	d.Write(length)
	d.Write(json[:at])
	d.Write(zeroDigits)
	d.Write(json[at+digestDigits:])
	return d
}
