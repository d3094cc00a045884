package hostile

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"io"
)

// Reseal puts right what a reader checks before it decodes: the checksums of PNG chunks
// and pixels, of zip entries, gzip streams and tar headers, and length and digest of a
// safetensors file. Files in files are resealed, too. Without it a mutant of a file
// never comes further than the checksum. It returns a copy; what it does not understand
// stays as it is.
func Reseal(b []byte) []byte {
	b = bytes.Clone(b)
	switch {
	case bytes.HasPrefix(b, []byte(pngSignature)):
		resealPNG(b[len(pngSignature):])
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		resealZip(b)
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		return resealGzip(b)
	case len(b) >= tarBlock && string(b[257:262]) == "ustar":
		resealTar(b)
	case len(b) > 8 && b[8] == '{':
		resealSafetensors(b)
	}
	return b
}

// mostInflated bounds what is inflated of a mutant.
const mostInflated = 1 << 20

const pngSignature = "\x89PNG\r\n\x1a\n"

func resealPNG(b []byte) {
	for len(b) >= 12 {
		n := uint64(binary.BigEndian.Uint32(b))
		if n+12 > uint64(len(b)) {
			return
		}
		data := b[8 : 8+n]
		// The stream of a picture in one chunk ends with the Adler-32 of its pixels.
		if string(b[4:8]) == "IDAT" && n > 6 {
			pixels, _ := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data[2:])), mostInflated))
			binary.BigEndian.PutUint32(data[n-4:], adler32.Checksum(pixels))
			data[1] -= byte((uint(data[0])<<8 | uint(data[1])) % 31) // the check of zlib's head
		}
		binary.BigEndian.PutUint32(b[8+n:], crc32.ChecksumIEEE(b[4:8+n]))
		b = b[12+n:]
	}
}

// resealZip finds the entries by the central directory.
func resealZip(b []byte) {
	le := binary.LittleEndian
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("PK\x01\x02"))
		if i < 0 || at+i+46 > len(b) {
			return
		}
		entry := b[at+i:]
		at += i + 46
		method, size, local := le.Uint16(entry[10:]), uint64(le.Uint32(entry[20:])), uint64(le.Uint32(entry[42:]))
		if local+30 > uint64(len(b)) {
			continue
		}
		head := b[local:]
		from := 30 + uint64(le.Uint16(head[26:])) + uint64(le.Uint16(head[28:]))
		if from+size > uint64(len(head)) {
			continue
		}
		data := head[from : from+size]
		switch method {
		case 0:
			copy(data, Reseal(data))
		case 8:
			data, _ = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), mostInflated))
		}
		sum := crc32.ChecksumIEEE(data)
		le.PutUint32(entry[16:], sum)
		if le.Uint16(head[6:])&8 == 0 { // else it follows the data, which few readers look at
			le.PutUint32(head[14:], sum)
		} else if after := head[from+size:]; len(after) >= 8 && string(after[:4]) == "PK\x07\x08" {
			le.PutUint32(after[4:], sum)
		}
	}
}

// resealGzip packs anew what can be unpacked.
func resealGzip(b []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return b
	}
	data, _ := io.ReadAll(io.LimitReader(r, mostInflated))
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.NoCompression)
	w.Write(Reseal(data))
	w.Close()
	return out.Bytes()
}

const tarBlock = 512

func resealTar(b []byte) {
	for len(b) >= tarBlock && b[0] != 0 {
		head := b[:tarBlock]
		copy(head[148:156], "        ")
		sum := 0
		for _, c := range head {
			sum += int(c)
		}
		copy(head[148:156], fmt.Sprintf("%06o\x00 ", sum))
		size := 0
		fmt.Sscanf(string(bytes.Trim(head[124:136], "\x00 ")), "%o", &size)
		b = b[tarBlock:]
		if size < 0 || size > len(b) {
			return
		}
		copy(b[:size], Reseal(b[:size]))
		b = b[min(len(b), (size+tarBlock-1)/tarBlock*tarBlock):]
	}
}

// resealSafetensors takes the first object in braces for the header.
func resealSafetensors(b []byte) {
	depth, quoted, end := 0, false, 0
	for i := 8; i < len(b) && end == 0; i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				end = i + 1
			}
		}
	}
	if end == 0 {
		return
	}
	for end < len(b) && b[end] == ' ' { // padding
		end++
	}
	binary.LittleEndian.PutUint64(b, uint64(end-8))
	const digits = 2 * sha256.Size
	at := bytes.Index(b[:end], []byte(`"sha256":"`)) + len(`"sha256":"`)
	if at < len(`"sha256":"`) || at+digits > end {
		return
	}
	copy(b[at:], bytes.Repeat([]byte("0"), digits))
	sum := sha256.Sum256(b)
	hex.Encode(b[at:], sum[:])
}
