package viz

import (
	"bytes"
	"fmt"
	"io"
)

// The GIF format is that of CompuServe's "Graphics Interchange Format, Version
// 89a", 1990, and the loop extension of Netscape Navigator 2.0. A GIF carries a
// Text as a comment, "key: value".

const (
	gifHeaderBytes  = 13 // signature and logical screen descriptor
	gifBlockBytes   = 255
	gifExtension    = 0x21
	gifComment      = 0xfe
	gifImage        = 0x2c
	gifTrailer      = 0x3b
	gifLoop         = "\x21\xff\x0bNETSCAPE2.0"
	gifLoopBytes    = 19
	gifCommentBytes = maxKeyBytes + len(": ") + maxTextBytes
)

// comment is the text's extension in a GIF.
func (t Text) comment() ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	out := []byte{gifExtension, gifComment}
	for rest := t.Key + ": " + t.Value; len(rest) > 0; {
		n := min(len(rest), gifBlockBytes)
		out = append(append(out, byte(n)), rest[:n]...)
		rest = rest[n:]
	}
	return append(out, 0), nil
}

// writeCommented writes a GIF of image/gif, which writes no comments, with
// texts before its first frame. The loop extension stays in front of them,
// since old readers look for it there only.
func writeCommented(w io.Writer, file []byte, texts []Text) error {
	at := gifHeaderBytes + gifTableBytes(file[10])
	if bytes.HasPrefix(file[at:], []byte(gifLoop)) {
		at += gifLoopBytes
	}
	pieces := [][]byte{file[:at]}
	for _, t := range texts {
		comment, err := t.comment()
		if err != nil {
			return err
		}
		pieces = append(pieces, comment)
	}
	for _, p := range append(pieces, file[at:]) {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// gifTableBytes is the size of the global colours, by the descriptor's flags.
func gifTableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func isGIF(signature []byte) bool {
	return bytes.HasPrefix(signature, []byte("GIF87a")) || bytes.HasPrefix(signature, []byte("GIF89a"))
}

// readGIFRecipe is readRecipe after a GIF's first bytes, which are in start.
func readGIFRecipe(start []byte, r io.Reader) ([]byte, error) {
	r = io.MultiReader(bytes.NewReader(start), r)
	var header [gifHeaderBytes]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, r, int64(gifTableBytes(header[10]))); err != nil {
		return nil, err
	}
	var recipe, text []byte
	for range maxEarlyChunks {
		var b [2]byte
		if _, err := io.ReadFull(r, b[:1]); err != nil {
			return nil, err
		}
		switch b[0] {
		case gifImage, gifTrailer:
			if recipe == nil {
				return nil, ErrNoRecipe
			}
			return recipe, nil
		case gifExtension:
		default:
			return nil, fmt.Errorf("%w: block %#02x, want an extension or an image", ErrBadPicture, b[0])
		}
		if _, err := io.ReadFull(r, b[1:]); err != nil {
			return nil, err
		}
		var err error
		text, err = readGIFBlocks(r, text[:0], b[1] == gifComment)
		if err != nil {
			return nil, err
		}
		value, ours := bytes.CutPrefix(text, []byte(RecipeKey+": "))
		switch {
		case !ours:
			continue
		case recipe != nil:
			return nil, errTwoRecipes
		}
		if err := checkRecipe(value); err != nil {
			return nil, err
		}
		recipe = bytes.Clone(value)
	}
	return nil, fmt.Errorf("%w: more than %d extensions before the pixels", ErrBadPicture, maxEarlyChunks)
}

// readGIFBlocks reads the blocks of an extension, and appends what is in them to all
// if asked.
func readGIFBlocks(r io.Reader, all []byte, keep bool) ([]byte, error) {
	var b [1 + gifBlockBytes]byte
	for {
		if _, err := io.ReadFull(r, b[:1]); err != nil {
			return nil, err
		}
		if b[0] == 0 {
			return all, nil
		}
		block := b[1 : 1+int(b[0])]
		if _, err := io.ReadFull(r, block); err != nil {
			return nil, err
		}
		switch {
		case !keep:
		case len(all)+len(block) > gifCommentBytes:
			return nil, fmt.Errorf("%w: comment of more than %d bytes", ErrBadPicture, gifCommentBytes)
		default:
			all = append(all, block...)
		}
	}
}

var errTwoRecipes = fmt.Errorf("%w: two recipes, want one", ErrBadPicture)
