package viz

import (
	"fmt"
	"image"
)

// maxPixels bounds the pixels of a picture, 1 GB as RGBA, so that a wrong
// option gives an error and not an exhausted machine.
const maxPixels = 1 << 28

// To8Bit converts a value in [-1, 1] to [0, 255], to the nearest level,
// with ties upward.
//
// Values outside, and the infinities, saturate. NaN becomes 128, the level of
// 0: a picture cannot show it, so look for NaN where the numbers are made.
func To8Bit(v float32) uint8 {
	switch {
	case v >= 1:
		return 255
	case v > -1:
		// The conversion keeps a compiler from fusing into one rounding.
		return uint8(float32((v+1)*127.5) + 0.5)
	case v <= -1:
		return 0
	}
	return 128
}

// ToImage converts one picture, [H, W, C] in [-1, 1], to 8 bits.
//
// The result is an *image.Gray for c = 1 and an opaque *image.NRGBA for
// c = 3. Another c, a side below 1, or data of another length is an error.
func ToImage(data []float32, h, w, c int) (image.Image, error) {
	images, err := Images(data, 1, h, w, c)
	if err != nil {
		return nil, err
	}
	return images[0], nil
}

// Images converts a batch, [N, H, W, C] in [-1, 1], to n pictures, each as
// ToImage gives it. The pictures share one allocation; data is not kept.
func Images(data []float32, n, h, w, c int) ([]image.Image, error) {
	if c != 1 && c != 3 {
		return nil, fmt.Errorf("viz: images: %d channels, want 1 or 3", c)
	}
	if n < 0 || h < 1 || w < 1 || h > maxPixels/w || n > maxPixels/(h*w) {
		return nil, fmt.Errorf("viz: images: shape [%d %d %d %d], want at least [0 1 1 1] and at most %d pixels", n, h, w, c, maxPixels)
	}
	if len(data) != n*h*w*c {
		return nil, fmt.Errorf("viz: images: %d values, want %d for [%d %d %d %d]", len(data), n*h*w*c, n, h, w, c)
	}
	images := make([]image.Image, n)
	bounds := image.Rect(0, 0, w, h)
	each := c // bytes of a pixel
	if c == 3 {
		each = 4
	}
	pix := make([]uint8, n*h*w*each)
	parallel(n, func(i int) {
		from := data[i*h*w*c : (i+1)*h*w*c]
		to := pix[i*h*w*each : (i+1)*h*w*each : (i+1)*h*w*each]
		if c == 1 {
			for k, v := range from {
				to[k] = To8Bit(v)
			}
			images[i] = &image.Gray{Pix: to, Stride: w, Rect: bounds}
			return
		}
		for k := range h * w {
			p, v := to[4*k:4*k+4:4*k+4], from[3*k:3*k+3:3*k+3]
			p[0], p[1], p[2], p[3] = To8Bit(v[0]), To8Bit(v[1]), To8Bit(v[2]), 255
		}
		images[i] = &image.NRGBA{Pix: to, Stride: 4 * w, Rect: bounds}
	})
	return images, nil
}
