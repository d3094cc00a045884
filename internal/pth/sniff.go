package pth

import (
	"strings"

	"dcganviz/internal/refuse"
)

// SniffBytes is how many bytes Sniff and Other want to see, or all of a shorter file.
const SniffBytes = 512

// legacyMagic is the integer that a legacy file begins with, as a pickle
// spells it: LONG1, its length, its bytes, STOP.
const legacyMagic = "\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."

// Sniff reports whether a file that begins with first may be a checkpoint; any
// zip archive may that is not one of those which Other knows.
func Sniff(first []byte) bool {
	_, err := sniff(first)
	return err == nil
}

// sniff tells the format by the first bytes of a file, or what it is instead.
func sniff(first []byte) (Format, error) {
	s := string(first)
	if legacyStart(s) > 0 {
		return Legacy, nil
	}
	if other := Other(first); other != "" {
		return 0, refuse.Unsupported("%s", other)
	}
	if strings.HasPrefix(s, zipLocal) {
		return Zip, nil
	}
	return 0, refuse.Corrupt("begins with %s, want a zip archive or pickle of torch.save", refuse.Quote(s[:min(len(s), 16)]))
}

// legacyStart returns the length of the pickle of the magic number that s
// begins with, or 0.
func legacyStart(s string) int {
	if len(s) < 2 || s[0] != opProto || s[1] < 2 || s[1] > 5 {
		return 0
	}
	at := 2
	if len(s) > 11 && s[2] == 0x95 { // FRAME and its length
		at = 11
	}
	if !strings.HasPrefix(s[at:], legacyMagic) {
		return 0
	}
	return at + len(legacyMagic)
}
