package pth

import (
	"strings"

	"dcganviz/internal/refuse"
)

// sniffed is how many bytes sniff wants to see, or all of a shorter file.
const sniffed = 512

// legacyMagic is the integer that a legacy file begins with, as a pickle
// spells it: LONG1, its length, its bytes, STOP.
const legacyMagic = "\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."

// Sniff reports whether a file that begins with first may be a checkpoint; any
// zip archive may. It needs the first 32 bytes.
func Sniff(first []byte) bool {
	_, err := sniff(first)
	return err == nil
}

// sniff tells the format by the first bytes of a file, or what it is instead.
func sniff(first []byte) (Format, error) {
	s := string(first)
	if strings.HasPrefix(s, zipLocal) {
		return Zip, nil
	}
	if legacyStart(s) > 0 {
		return Legacy, nil
	}
	const tarMark = 257 // where "ustar" is
	switch {
	case strings.HasPrefix(s, "version https://git-lfs"):
		return 0, refuse.Unsupported("this is a Git LFS pointer, not the file it points to: run git lfs pull")
	case strings.HasPrefix(s, "\x1f\x8b"):
		return 0, refuse.Unsupported("this is compressed with gzip: unpack it first")
	case strings.HasPrefix(s, "<") && strings.Contains(strings.ToLower(s), "html"):
		return 0, refuse.Unsupported("this is a web page, not the file it links to")
	case len(s) > tarMark && strings.HasPrefix(s[tarMark:], "ustar"):
		return 0, refuse.Unsupported("this is a tar archive, PyTorch's format before version 0.2: load and save it again with torch")
	case len(s) > 2 && s[0] == opProto && s[1] >= 2 && s[1] <= 5 && len(s) > len(legacyMagic)+11:
		return 0, refuse.Unsupported("this is a pickle, but not one of torch.save")
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
