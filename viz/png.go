package viz

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"io"
)

// The PNG format is that of the W3C's "Portable Network Graphics
// Specification (Third Edition)", 2025, which includes the animated form.
const pngSignature = "\x89PNG\r\n\x1a\n"

// EncodePNG writes img as a PNG that carries recipe.
//
// Each text of recipe becomes an uncompressed iTXt chunk right after IHDR;
// Recipe makes the one that ReadRecipe finds, and nil gives a PNG without.
// The pixels have 8 bits: grey where every pixel is an opaque grey, RGB where
// every pixel is opaque, else RGBA. Large pictures are compressed on all
// processors that Go may use; the bytes do not depend on how many.
//
// An empty image, a side above 2^16, a text that iTXt cannot hold, and a
// failing w are errors.
func EncodePNG(w io.Writer, img image.Image, recipe []Text) error {
	if err := encodePNG(w, img, recipe); err != nil {
		return fmt.Errorf("viz: png: %w", err)
	}
	return nil
}

func encodePNG(w io.Writer, img image.Image, recipe []Text) error {
	r, err := newRaster(img)
	if err != nil {
		return err
	}
	c := chunkWriter{w: bufio.NewWriter(w)}
	if err := c.header(r.width, r.height, r.color(), recipe); err != nil {
		return err
	}
	for _, part := range r.compress() {
		c.write("IDAT", part)
	}
	c.write("IEND")
	return c.flush()
}

// A chunkWriter writes the chunks of a PNG. The first error is kept, and
// given by flush.
type chunkWriter struct {
	w   *bufio.Writer
	err error
}

// header writes the signature, IHDR and the recipe, or nothing at all when
// the recipe is not fit for a PNG.
func (c *chunkWriter) header(width, height int, color colorType, recipe []Text) error {
	var texts [][]byte
	for _, t := range recipe {
		data, err := t.chunk()
		if err != nil {
			return err
		}
		texts = append(texts, data)
	}
	var h [13]byte
	binary.BigEndian.PutUint32(h[0:], uint32(width))
	binary.BigEndian.PutUint32(h[4:], uint32(height))
	h[8], h[9] = 8, byte(color)
	_, c.err = c.w.WriteString(pngSignature)
	c.write("IHDR", h[:])
	for _, data := range texts {
		c.write("iTXt", data)
	}
	return nil
}

// write writes one chunk, whose data are the parts one behind the other.
func (c *chunkWriter) write(kind string, parts ...[]byte) {
	if c.err != nil {
		return
	}
	var length uint32
	crc := crc32.ChecksumIEEE([]byte(kind))
	for _, p := range parts {
		length += uint32(len(p))
		crc = crc32.Update(crc, crc32.IEEETable, p)
	}
	head := binary.BigEndian.AppendUint32(nil, length)
	c.put(append(head, kind...))
	for _, p := range parts {
		c.put(p)
	}
	c.put(binary.BigEndian.AppendUint32(nil, crc))
}

func (c *chunkWriter) put(p []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(p)
	}
}

func (c *chunkWriter) flush() error {
	if c.err == nil {
		c.err = c.w.Flush()
	}
	return c.err
}
