package figure

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/jpeg"

	"dcganviz/viz"
)

// picturesEnd is how the name of the file with the pictures of all points ends.
const picturesEnd = "-pictures.jpg"

// ThumbsEnd is how the name of the file with small pictures ends that a figure has
// beside its own; empty for figures without one.
func ThumbsEnd(command string) string {
	if command == "tsne" {
		return picturesEnd
	}
	return ""
}

// picturesQuality is JPEG's: 2,000 façades take 0.8 MB, where PNG takes 4.3 MB.
const picturesQuality = 85

// A TSNESheet is the pictures of all points in one file, small, for the page: on
// the map most are covered by others, or have no place.
type TSNESheet struct {
	File   string    `json:"file"`
	SHA256 string    `json:"sha256"`
	Tiles  viz.Tiles `json:"tiles"`
}

// Place fills in the picture's file and layout, and the file of the points'
// pictures.
func (a *TSNEResult) Place(image string, at Layout) {
	a.Head.Place(image, at)
	a.Pictures.File = Path(image, picturesEnd)
}

// More draws the picture of every point, as one file.
func (a *TSNEResult) More() ([]File, error) {
	sheet, err := viz.Thumbs(a.material.tiles)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, sheet.RGBA, &jpeg.Options{Quality: picturesQuality}); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file.Bytes())
	a.Pictures.SHA256, a.Pictures.Tiles = hex.EncodeToString(sum[:]), sheet.Tiles[0]
	return []File{{End: picturesEnd, Data: file.Bytes()}}, nil
}
