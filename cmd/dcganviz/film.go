package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"dcganviz/gallery/figure"
)

// filmCmd is pixelsCmd for figures that can be animations.
type filmCmd struct {
	pixelsCmd
	MP4 string `group:"Output" name:"mp4" placeholder:"FILE" recipe:"none" help:"Write the animation as an MP4 too, by ffmpeg, which has to be installed (with --apng where nothing says which animation)."`
}

func (c *filmCmd) Run(e *env) error {
	if c.MP4 == "" {
		return c.pixelsCmd.Run(e)
	}
	if err := checkEnding("--mp4", c.MP4, "a film", ".mp4"); err != nil {
		return err
	}
	if n, ok := c.Figure.(figure.Namer); ok {
		n.For(".apng") // unless a form was chosen
	}
	var err error
	if c.ffmpeg, err = exec.LookPath("ffmpeg"); err != nil {
		return fail(exitMissing, "--mp4: ffmpeg, which writes MP4s, is not installed: install it (Debian: apt install ffmpeg; macOS: brew install ffmpeg), or take --gif or --apng, which need nothing")
	}
	c.mp4 = c.MP4
	return c.pixelsCmd.Run(e)
}

// filmOf returns the animation of a result.
func filmOf(r figure.Result) (*figure.Animation, error) {
	if f, ok := r.(figure.Filmed); ok {
		if film := f.Film(); film != nil {
			return film, nil
		}
	}
	return nil, usageError("--mp4 is for animations: give --gif or --apng too")
}

// encodeMP4 has ffmpeg write a film: H.264 with a quarter of the colours' resolution, as
// players want it, and sides that are even. The same frames give the same bytes with the same ffmpeg.
func encodeMP4(ctx context.Context, ffmpeg string, w io.Writer, film *figure.Animation) error {
	dir, err := os.MkdirTemp("", "dcganviz-film-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	at, size := filepath.Join(dir, "film.mp4"), film.Frames[0].Bounds().Size()
	cmd := exec.CommandContext(ctx, ffmpeg, "-v", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", fmt.Sprintf("%dx%d", size.X, size.Y),
		"-r", strconv.Itoa(film.Rate), "-i", "pipe:0", "-an", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p",
		"-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-y", at)
	cmd.Stdin = io.Reader(&rawFrames{frames: film.Frames})
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("ffmpeg: %w: %.500s", err, bytes.TrimSpace(said.Bytes()))
		}
		return fmt.Errorf("ffmpeg: %w", err)
	}
	f, err := os.Open(at)
	if err != nil {
		return fmt.Errorf("ffmpeg wrote no film: %w", err)
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// rawFrames reads the pixels of frames, three bytes each, row by row.
type rawFrames struct {
	frames []image.Image
	left   []byte // of the frame before them
}

func (r *rawFrames) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		if len(r.frames) == 0 {
			return 0, io.EOF
		}
		b := r.frames[0].Bounds()
		img := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(img, img.Rect, r.frames[0], b.Min, draw.Src)
		r.left = make([]byte, 0, 3*b.Dx()*b.Dy())
		for i := 0; i < len(img.Pix); i += 4 {
			r.left = append(r.left, img.Pix[i:i+3]...)
		}
		r.frames = r.frames[1:]
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}
