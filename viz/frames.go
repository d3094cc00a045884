package viz

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"io"
	"iter"
)

// A Frame is one picture of an animation as it is shown.
type Frame struct {
	// Image is all of the picture; it holds until the next frame is read.
	Image *image.NRGBA
	// Num/Den is how long it is shown, in seconds; 0/0 of a picture that is no
	// animation.
	Num, Den int
}

// ReadFrames reads the frames of what EncodePNG, EncodeAPNG or EncodeGIF wrote, one at
// a time; a picture that is no animation has one.
//
// width and height are the size that the picture must have, so that a hostile file
// cannot ask for much memory: two pictures of that size and what their pixels could
// take at most, however large the file is. A file that is corrupt, of another size, or
// that lays its frames over each other in another way than this package gives an error
// that wraps ErrBadPicture and ends the sequence; so does an error of r.
func ReadFrames(r io.Reader, width, height int) iter.Seq2[Frame, error] {
	return func(yield func(Frame, error) bool) {
		f := frames{r: r, canvas: image.NewNRGBA(image.Rect(0, 0, width, height)), yield: yield}
		err := f.read()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("%w: cut short", ErrBadPicture)
		}
		if err != nil && err != errStopped {
			yield(Frame{}, fmt.Errorf("viz: frames: %w", err))
		}
	}
}

// errStopped means that the caller wants no more frames.
var errStopped = errors.New("stopped")

// frames reads an animation. canvas is what it shows so far.
type frames struct {
	r      io.Reader
	canvas *image.NRGBA
	yield  func(Frame, error) bool
}

func (f *frames) read() error {
	head := make([]byte, gifHeaderBytes)
	if _, err := io.ReadFull(f.r, head); err != nil {
		return err
	}
	if isGIF(head) {
		return f.gif(head)
	}
	f.r = io.MultiReader(bytes.NewReader(head), f.r)
	return f.png()
}

// show lays the file of a single picture over the canvas at p, and hands it on.
func (f *frames) show(file io.Reader, decode func(io.Reader) (image.Image, error), at image.Rectangle, num, den int) error {
	if at.Empty() || !at.In(f.canvas.Rect) {
		return fmt.Errorf("%w: frame at %v, want it inside of %v", ErrBadPicture, at, f.canvas.Rect)
	}
	img, err := decode(file)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadPicture, err)
	}
	draw.Draw(f.canvas, at, img, img.Bounds().Min, draw.Src)
	if !f.yield(Frame{f.canvas, num, den}, nil) {
		return errStopped
	}
	return nil
}

// frameBytes is what the compressed pixels of a frame take at most: each format has ways to
// take more, which this package does not use.
func frameBytes(at image.Rectangle) int { return 9*at.Dx()*at.Dy() + 1<<16 }

// png reads a PNG, animated or not. Each frame is decoded as a PNG of its own.
func (f *frames) png() error {
	var signature [len(pngSignature)]byte
	if _, err := io.ReadFull(f.r, signature[:]); err != nil {
		return err
	}
	if string(signature[:]) != pngSignature {
		return fmt.Errorf("%w: it begins with %q", ErrBadPicture, signature[:])
	}
	var header, pixels []byte
	at, num, den := f.canvas.Rect, 0, 0
	flush := func() error {
		if pixels == nil {
			return nil
		}
		var file bytes.Buffer
		h := bytes.Clone(header)
		binary.BigEndian.PutUint32(h[0:], uint32(at.Dx()))
		binary.BigEndian.PutUint32(h[4:], uint32(at.Dy()))
		file.WriteString(pngSignature)
		c := chunkWriter{w: bufio.NewWriter(&file)}
		c.write("IHDR", h)
		c.write("IDAT", pixels)
		c.write("IEND")
		pixels = nil
		if err := c.flush(); err != nil {
			return err
		}
		return f.show(&file, png.Decode, at, num, den)
	}
	for {
		var head [8]byte
		if _, err := io.ReadFull(f.r, head[:]); err != nil {
			return err
		}
		length, kind := int64(binary.BigEndian.Uint32(head[:4])), string(head[4:])
		most := int64(0)
		switch kind {
		case "IHDR", "fcTL":
			most = 26
			if err := flush(); err != nil {
				return err
			}
		case "IDAT", "fdAT":
			most = int64(frameBytes(at) - len(pixels))
		case "IEND":
			return flush()
		}
		if most == 0 {
			if _, err := io.CopyN(io.Discard, f.r, length+4); err != nil {
				return err
			}
			continue
		}
		if length > most {
			return fmt.Errorf("%w: chunk %q of %d bytes, want at most %d", ErrBadPicture, kind, length, most)
		}
		data := make([]byte, length+4) // and the checksum, which ReadRecipe has looked at where it matters
		if _, err := io.ReadFull(f.r, data); err != nil {
			return err
		}
		data = data[:length]
		switch {
		case kind == "IHDR" && header == nil && length == 13:
			header = data
			if w, h := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:]); int64(w) != int64(at.Dx()) || int64(h) != int64(at.Dy()) {
				return fmt.Errorf("%w: %dx%d pixels, want %dx%d", ErrBadPicture, w, h, at.Dx(), at.Dy())
			}
		case kind == "fcTL" && header != nil && length == 26:
			var v [4]int
			for i := range v {
				v[i] = int(binary.BigEndian.Uint32(data[4+4*i:]) & (1<<31 - 1))
			}
			at = image.Rect(v[2], v[3], v[2]+v[0], v[3]+v[1])
			num, den = int(binary.BigEndian.Uint16(data[20:])), int(binary.BigEndian.Uint16(data[22:]))
			if !at.In(f.canvas.Rect) || data[24] != 0 || data[25] != 0 {
				return fmt.Errorf("%w: frame at %v, disposed of by %d and blended by %d, want it inside of %v, and 0", ErrBadPicture, at, data[24], data[25], f.canvas.Rect)
			}
		case kind == "IDAT" && header != nil:
			pixels = append(pixels, data...)
		case kind == "fdAT" && header != nil && length >= 4:
			pixels = append(pixels, data[4:]...)
		default:
			return fmt.Errorf("%w: chunk %q of %d bytes at an odd place", ErrBadPicture, kind, length)
		}
	}
}

// gif reads a GIF. Each frame is decoded as a GIF of its own.
func (f *frames) gif(head []byte) error {
	w, h := int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	if w != f.canvas.Rect.Dx() || h != f.canvas.Rect.Dy() {
		return fmt.Errorf("%w: %dx%d pixels, want %dx%d", ErrBadPicture, w, h, f.canvas.Rect.Dx(), f.canvas.Rect.Dy())
	}
	table := make([]byte, gifTableBytes(head[10]))
	if _, err := io.ReadFull(f.r, table); err != nil {
		return err
	}
	hundredths := 0
	for {
		var b [2]byte
		if _, err := io.ReadFull(f.r, b[:1]); err != nil {
			return err
		}
		switch b[0] {
		case gifTrailer:
			return nil
		case gifExtension:
			if _, err := io.ReadFull(f.r, b[1:]); err != nil {
				return err
			}
			const control = 0xf9
			data, err := readGIFBlocks(f.r, nil, b[1] == control)
			if err != nil {
				return err
			}
			if b[1] != control {
				continue
			}
			if len(data) != 4 || data[0]&1 != 0 || data[0]>>2&7 > 1 {
				return fmt.Errorf("%w: frame with control %x, want one that stays and hides nothing", ErrBadPicture, data)
			}
			hundredths = int(binary.LittleEndian.Uint16(data[1:]))
		case gifImage:
			descriptor := make([]byte, 9)
			if _, err := io.ReadFull(f.r, descriptor); err != nil {
				return err
			}
			var v [4]int
			for i := range v {
				v[i] = int(binary.LittleEndian.Uint16(descriptor[2*i:]))
			}
			at := image.Rect(v[0], v[1], v[0]+v[2], v[1]+v[3])
			if !at.In(f.canvas.Rect) {
				return fmt.Errorf("%w: frame at %v, want it inside of %v", ErrBadPicture, at, f.canvas.Rect)
			}
			file := bytes.NewBuffer(append(append(append(bytes.Clone(head), table...), gifImage), descriptor...))
			// Its own colours, and the width of the codes.
			if _, err := io.CopyN(file, f.r, int64(gifTableBytes(descriptor[8])+1)); err != nil {
				return err
			}
			if err := copyGIFBlocks(file, f.r, frameBytes(at)); err != nil {
				return err
			}
			file.WriteByte(gifTrailer)
			if err := f.show(file, gif.Decode, at, hundredths, 100); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: block %#02x, want an extension or an image", ErrBadPicture, b[0])
		}
	}
}

// copyGIFBlocks copies blocks of at most so many bytes, with the empty one at the end.
func copyGIFBlocks(w *bytes.Buffer, r io.Reader, most int) error {
	var b [1 + gifBlockBytes]byte
	for {
		if _, err := io.ReadFull(r, b[:1]); err != nil {
			return err
		}
		n := int(b[0])
		if _, err := io.ReadFull(r, b[1:1+n]); err != nil {
			return err
		}
		w.Write(b[:1+n])
		if most -= 1 + n; most < 0 {
			return fmt.Errorf("%w: more bytes than its pixels can take", ErrBadPicture)
		}
		if n == 0 {
			return nil
		}
	}
}
