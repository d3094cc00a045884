package pth

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

// MaxEntries is the largest number of entries in a zip archive.
const MaxEntries = 1 << 16

// Signatures and sizes of zip's records.
//
// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
const (
	zipLocal      = "PK\x03\x04"
	zipCentral    = "PK\x01\x02"
	zipEnd        = "PK\x05\x06"
	zip64End      = "PK\x06\x06"
	zip64Locator  = "PK\x06\x07"
	localSize     = 30
	centralSize   = 46
	endSize       = 22
	end64Size     = 56
	locatorSize   = 20
	maxComment    = 1<<16 - 1
	flagEncrypted = 1 << 0
	flagLater     = 1 << 3 // sizes and CRC follow the data
	flagStrong    = 1 << 6
)

var le = binary.LittleEndian

// entry is one file in an archive.
type entry struct {
	name   string
	header int64 // where its local header begins
	at     int64 // where its data begin
	size   int64
	crc    uint32
	flags  uint16
	packed bool // compressed
}

// archive is the directory of a zip file whose entries are all stored, not
// compressed.
type archive struct {
	src     *source
	entries []entry
	index   map[string]int
}

// end is where an archive's directory is.
type end struct {
	count, size, at uint64
	after           int64 // where the record that says so begins
}

// openArchive reads the directory and checks it against the local headers.
func openArchive(src *source) (*archive, error) {
	e, err := findEnd(src)
	if err != nil {
		return nil, err
	}
	if e.at > uint64(e.after) || e.size != uint64(e.after)-e.at {
		return nil, refuse.Corrupt("zip directory of %d bytes at byte %d, want it to end at byte %d", e.size, e.at, e.after)
	}
	if e.count > MaxEntries {
		return nil, refuse.TooLarge("zip archive of %d entries, want at most %d", e.count, MaxEntries)
	}
	if e.count > e.size/centralSize {
		return nil, refuse.Corrupt("zip directory of %d bytes for %d entries", e.size, e.count)
	}
	b, err := src.part(int64(e.at), int64(e.size))
	if err != nil {
		return nil, err
	}
	a := &archive{src: src, entries: make([]entry, 0, e.count), index: make(map[string]int, e.count)}
	for range e.count {
		x, n, err := parseCentral(b)
		if err != nil {
			return nil, fmt.Errorf("zip directory byte %d: %w", int64(e.at)+int64(e.size)-int64(len(b)), err)
		}
		b = b[n:]
		if _, ok := a.index[x.name]; ok {
			return nil, refuse.Corrupt("zip entry %s is there twice", refuse.Quote(x.name))
		}
		a.index[x.name] = len(a.entries)
		a.entries = append(a.entries, x)
	}
	if len(b) > 0 {
		return nil, refuse.Corrupt("zip directory has %d bytes after its %d entries", len(b), e.count)
	}
	if err := a.stored(); err != nil {
		return nil, err
	}
	return a, a.locate(int64(e.at))
}

// findEnd looks for the last record of the file, which an archive comment may
// follow.
func findEnd(src *source) (end, error) {
	if src.size < endSize {
		return end{}, refuse.Corrupt("%d bytes, want at least %d for a zip archive", src.size, endSize)
	}
	tail, err := src.part(max(0, src.size-endSize-maxComment), min(src.size, endSize+maxComment))
	if err != nil {
		return end{}, err
	}
	for i := len(tail) - endSize; i >= 0; i-- {
		b := tail[i:]
		if string(b[:4]) != zipEnd || int(le.Uint16(b[20:])) != len(b)-endSize {
			continue
		}
		if le.Uint32(b[4:]) != 0 || le.Uint16(b[8:]) != le.Uint16(b[10:]) {
			return end{}, refuse.Unsupported("zip archive of several volumes")
		}
		e := end{uint64(le.Uint16(b[10:])), uint64(le.Uint32(b[12:])), uint64(le.Uint32(b[16:])), src.size - int64(len(b))}
		return e, e.widen(src)
	}
	return end{}, refuse.Corrupt("no zip directory at the end of the file")
}

// widen takes the values of the 64-bit record, where there is one.
func (e *end) widen(src *source) error {
	if e.after < locatorSize+end64Size {
		return nil
	}
	b, err := src.part(e.after-locatorSize, locatorSize)
	if err != nil || string(b[:4]) != zip64Locator {
		return err
	}
	at := le.Uint64(b[8:])
	if le.Uint32(b[4:]) != 0 || le.Uint32(b[16:]) != 1 {
		return refuse.Unsupported("zip archive of several volumes")
	}
	if want := e.after - locatorSize - end64Size; at > uint64(want) {
		return refuse.Corrupt("zip64 directory end at byte %d, want at most %d", at, want)
	}
	b, err = src.part(int64(at), end64Size)
	if err != nil {
		return err
	}
	size := le.Uint64(b[4:])
	if string(b[:4]) != zip64End || size != uint64(e.after)-locatorSize-at-12 {
		return refuse.Corrupt("byte %d has no zip64 directory end of the size that is there", at)
	}
	if le.Uint64(b[16:]) != 0 || le.Uint64(b[24:]) != le.Uint64(b[32:]) {
		return refuse.Unsupported("zip archive of several volumes")
	}
	wide := end{le.Uint64(b[32:]), le.Uint64(b[40:]), le.Uint64(b[48:]), int64(at)}
	if !agree(e.count, wide.count, 1<<16-1) || !agree(e.size, wide.size, 1<<32-1) || !agree(e.at, wide.at, 1<<32-1) {
		return refuse.Corrupt("zip and zip64 directory ends differ: %d entries, %d bytes at %d; %d, %d at %d",
			e.count, e.size, e.at, wide.count, wide.size, wide.at)
	}
	*e = wide
	return nil
}

// agree reports whether a narrow field says what the wide one does, or that it
// cannot.
func agree(narrow, wide, saturated uint64) bool { return narrow == wide || narrow == saturated }

// parseCentral reads the entry at the start of b, and returns how long it is.
func parseCentral(b []byte) (x entry, n int, err error) {
	if len(b) < centralSize || string(b[:4]) != zipCentral {
		return x, 0, refuse.Corrupt("no zip entry")
	}
	nameLen, extraLen, commentLen := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	n = centralSize + nameLen + extraLen + commentLen
	if n > len(b) {
		return x, 0, refuse.Corrupt("zip entry of %d bytes, only %d are left", n, len(b))
	}
	x.name = string(b[centralSize : centralSize+nameLen])
	x.flags, x.crc = le.Uint16(b[8:]), le.Uint32(b[16:])
	packed, size, header := uint64(le.Uint32(b[20:])), uint64(le.Uint32(b[24:])), uint64(le.Uint32(b[42:]))
	extra := b[centralSize+nameLen : centralSize+nameLen+extraLen]
	if err := widenCentral(extra, &size, &packed, &header); err != nil {
		return x, 0, fmt.Errorf("zip entry %s: %w", refuse.Quote(x.name), err)
	}
	switch {
	case !utf8.ValidString(x.name) || bytes.IndexByte([]byte(x.name), 0) >= 0:
		return x, 0, refuse.Corrupt("zip entry named %s, want text", refuse.Quote(x.name))
	case x.flags&(flagEncrypted|flagStrong) != 0:
		return x, 0, refuse.Unsupported("zip entry %s is encrypted", refuse.Quote(x.name))
	case le.Uint16(b[10:]) != 0:
		x.packed = true
	case packed != size:
		return x, 0, refuse.Corrupt("zip entry %s is stored in %d bytes, want %d", refuse.Quote(x.name), packed, size)
	case size > 1<<62 || header > 1<<62:
		return x, 0, refuse.Corrupt("zip entry %s of %d bytes at byte %d", refuse.Quote(x.name), size, header)
	}
	x.size, x.header = int64(size), int64(header)
	return x, n, nil
}

// stored refuses archives with compressed entries. Torch compresses only the code of TorchScript.
func (a *archive) stored() error {
	var packed string
	code, constants := false, false
	for _, x := range a.entries {
		if x.packed && packed == "" {
			packed = x.name
		}
		code = code || strings.Contains(x.name, "/code/")
		constants = constants || strings.HasSuffix(x.name, "/constants.pkl")
	}
	switch {
	case code && constants:
		return refuse.Unsupported("this is a TorchScript archive: in Python, torch.save(torch.jit.load(path).state_dict(), \"net.pth\")")
	case packed != "":
		return refuse.Unsupported("zip entry %s is compressed, torch.save stores: load and save it again with torch, or repack it with zip -0", refuse.Quote(packed))
	}
	return nil
}

// widenCentral replaces the fields that are saturated by the ones in the zip64
// extra field, which holds them in this order.
func widenCentral(extra []byte, fields ...*uint64) error {
	var wide []byte
	for len(extra) >= 4 {
		n := int(le.Uint16(extra[2:]))
		if n > len(extra)-4 {
			return refuse.Corrupt("extra field of %d bytes, only %d are left", n, len(extra)-4)
		}
		if le.Uint16(extra) == 1 {
			wide = extra[4 : 4+n]
		}
		extra = extra[4+n:]
	}
	for _, f := range fields {
		if *f != 1<<32-1 {
			continue
		}
		if len(wide) < 8 {
			return refuse.Corrupt("no zip64 field for a size or place")
		}
		*f, wide = le.Uint64(wide), wide[8:]
	}
	return nil
}

// locate finds the data of the entries, which end before the directory at
// limit, and compares the local headers.
func (a *archive) locate(limit int64) error {
	for i := range a.entries {
		x := &a.entries[i]
		if err := x.locate(a.src, limit); err != nil {
			return fmt.Errorf("zip entry %s: %w", refuse.Quote(x.name), err)
		}
	}
	order := slices.Clone(a.entries)
	slices.SortFunc(order, func(x, y entry) int { return int(min(max(x.header-y.header, -1), 1)) })
	for i := 1; i < len(order); i++ {
		if x, y := order[i-1], order[i]; y.header < x.at+x.size {
			return refuse.Corrupt("zip entries %s and %s overlap", refuse.Quote(x.name), refuse.Quote(y.name))
		}
	}
	return nil
}

func (x *entry) locate(src *source, limit int64) error {
	fixed := int64(localSize + len(x.name))
	if x.header > limit-fixed {
		return refuse.Corrupt("begins at byte %d, the directory at %d", x.header, limit)
	}
	b, err := src.part(x.header, fixed)
	if err != nil {
		return err
	}
	if string(b[:4]) != zipLocal || int(le.Uint16(b[26:])) != len(x.name) || string(b[localSize:]) != x.name {
		return refuse.Corrupt("byte %d has no header of this name", x.header)
	}
	if le.Uint16(b[6:]) != x.flags || le.Uint16(b[8:]) != 0 {
		return refuse.Corrupt("header at byte %d differs from the directory", x.header)
	}
	if x.flags&flagLater == 0 {
		size, packed := uint64(le.Uint32(b[22:])), uint64(le.Uint32(b[18:]))
		if le.Uint32(b[14:]) != x.crc || !agree(size, uint64(x.size), 1<<32-1) || !agree(packed, uint64(x.size), 1<<32-1) {
			return refuse.Corrupt("header at byte %d differs from the directory", x.header)
		}
	}
	x.at = x.header + fixed + int64(le.Uint16(b[28:]))
	if x.at > limit || x.size > limit-x.at {
		return refuse.Corrupt("%d bytes at byte %d, the directory begins at %d", x.size, x.at, limit)
	}
	return nil
}

// data returns the bytes of an entry when their CRC-32 is right.
func (a *archive) data(x *entry) ([]byte, error) {
	b, err := a.src.part(x.at, x.size)
	if err != nil {
		return nil, err
	}
	if got := crc32.ChecksumIEEE(b); got != x.crc {
		return nil, refuse.Corrupt("zip entry %s has CRC-32 %08x, want %08x", refuse.Quote(x.name), got, x.crc)
	}
	return b, nil
}

func (a *archive) find(name string) *entry {
	if i, ok := a.index[name]; ok {
		return &a.entries[i]
	}
	return nil
}
