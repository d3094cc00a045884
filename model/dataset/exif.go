package dataset

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how the camera of a JPEG, PNG or WebP was held: the value 1 (upright) to
// 8 of the EXIF tag 0x0112. It is 1 if the tag is missing or makes no sense.
//
// Layout: EXIF 2.32 (CIPA DC-008), sections 4.5 and 4.6.4.
func orientation(b []byte) int {
	var tiff []byte
	switch {
	case bytes.HasPrefix(b, []byte(pngMagic)):
		tiff = pngExif(b)
	case bytes.HasPrefix(b, []byte("RIFF")):
		tiff = webpExif(b)
	default:
		tiff = exifBlock(b)
	}
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	const (
		tag      = 0x0112
		short    = 3
		fieldLen = 12
	)
	fields := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(fields) < fieldLen {
			return 1
		}
		if order.Uint16(fields) == tag {
			v := int(order.Uint16(fields[8:]))
			if order.Uint16(fields[2:]) != short || v < 1 || v > 8 {
				return 1
			}
			return v
		}
		fields = fields[fieldLen:]
	}
	return 1
}

// pngExif returns the TIFF structure in a PNG's eXIf chunk, nil without one.
//
// Source: W3C PNG, third edition, sections 5.3 and 11.3.4.5.
func pngExif(b []byte) []byte {
	const around = 12 // length, type and CRC
	for b = b[len(pngMagic):]; len(b) >= around; {
		n := int64(binary.BigEndian.Uint32(b))
		if n > int64(len(b)-around) {
			return nil
		}
		if string(b[4:8]) == "eXIf" {
			// Some programs write the mark of a JPEG's segment, too.
			return bytes.TrimPrefix(b[8:8+n], []byte("Exif\x00\x00"))
		}
		b = b[around+n:]
	}
	return nil
}

// exifBlock returns the TIFF structure inside a JPEG's EXIF segment, nil
// without one. It looks no further than the first scan.
func exifBlock(b []byte) []byte {
	for marker, body := range segments(b) {
		switch {
		case marker == markerSOS:
			return nil
		case marker == markerAPP1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")):
			return body[6:]
		}
	}
	return nil
}
