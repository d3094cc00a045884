package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"path/filepath"
	"strings"

	"dcganviz/viz"
)

// picturesEnd is how the name of the file with the pictures of all points ends.
const picturesEnd = "-pictures.jpg"

// picturesQuality is JPEG's: 2,000 façades take 0.8 MB, where PNG takes 4.3 MB.
const picturesQuality = 85

// A tsneSheet is the pictures of all points in one file, small, for the page: on
// the map most are covered by others, or have no place.
type tsneSheet struct {
	File   string    `json:"file"`
	SHA256 string    `json:"sha256"`
	Tiles  viz.Tiles `json:"tiles"`
}

// drawAll draws the picture of every point, as a file, and fills in where.
func (a *tsneAnswer) drawAll(tiles []image.Image) ([]byte, error) {
	sheet, err := viz.Thumbs(tiles)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, sheet.RGBA, &jpeg.Options{Quality: picturesQuality}); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file.Bytes())
	a.Pictures = tsneSheet{strings.TrimSuffix(a.Image, filepath.Ext(a.Image)) + picturesEnd, hex.EncodeToString(sum[:]), sheet.Tiles[0]}
	return file.Bytes(), nil
}
