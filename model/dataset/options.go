package dataset

import (
	"cmp"
	"fmt"
	"runtime"
)

// maxSide bounds Options.Size and Width: beyond it a single picture takes over 200 MB as
// floats, and no network here draws one.
const maxSide = 4096

// Options says how a set is opened. The zero value gives 64x64 colour pictures.
type Options struct {
	// Size is the height of every picture in pixels, 1 to 4096, and Width its width.
	// A Size of 0 means 64, a Width of 0 as wide as high. Of each picture file the
	// largest part of that aspect ratio is taken, from its middle.
	Size, Width int
	// Channels is 3 for red, green, blue or 1 for gray (Rec. 601 luma, as
	// image/color has it). 0 means 3.
	Channels int
	// List is the path of a text file that names one picture a line, by the
	// name that [Set.Name] gives. The set then holds these only, in the order
	// of the list. Empty means every picture, sorted by name.
	//
	// A list is a regular file of at most 256 MiB, with lines of at most 4096 bytes.
	// It may repeat names, 524,288 times in all.
	List string
	// Holdout is how many pictures are kept out of the set, to judge by what was trained
	// on it: one of each of as many equal parts of the set, as HoldoutSeed decides. Of
	// those that a list repeats all go. [Set.Held] has them. 0 keeps out none; more than
	// half of the set is ErrLimit.
	Holdout     int
	HoldoutSeed uint64
	// Strict makes the first bad picture an error instead of skipping it.
	Strict bool
	// MemoryLimit is how many bytes of decoded pictures (height times width
	// times Channels bytes each) may be kept. A larger set is decoded anew at each use. 0
	// means 1 GiB, a negative value keeps nothing.
	MemoryLimit int64
	// Workers is the number of goroutines that decode. 0 means GOMAXPROCS.
	Workers int
	// MaxPixels bounds the width times height that a picture may claim. 0
	// means 64 Mi pixels. One that would take more than 512 MiB of memory while it is
	// decoded, with its file, is bad too, and so is a JPEG of too many scans: 1000, or
	// 2^31 divided by its pixels.
	MaxPixels int64
	// MaxBytes bounds one picture file. 0 means 128 MiB.
	MaxBytes int64
	// MaxSpool bounds what a gzipped file may unpack to. The pictures of a zip may
	// unpack to as much, or to 8 times its size if that is more. 0 means 16 GiB.
	MaxSpool int64
	// TempDir is where a gzipped file is unpacked. Some of its disk is left to others:
	// 256 MiB, or a sixteenth if that is less. Empty means os.TempDir.
	TempDir string
}

// filled returns o with its defaults put in, or an error that names the first
// field out of range.
func (o Options) filled() (Options, error) {
	o.Size = cmp.Or(o.Size, 64)
	o.Width = cmp.Or(o.Width, o.Size)
	o.Channels = cmp.Or(o.Channels, 3)
	o.MemoryLimit = cmp.Or(o.MemoryLimit, 1<<30)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	o.MaxPixels = cmp.Or(o.MaxPixels, 64<<20)
	o.MaxBytes = cmp.Or(o.MaxBytes, 128<<20)
	o.MaxSpool = cmp.Or(o.MaxSpool, 16<<30)
	switch {
	case min(o.Size, o.Width) < 1 || max(o.Size, o.Width) > maxSide:
		return o, fmt.Errorf("dataset: pictures of %dx%d, want 1 to %d a side", o.Size, o.Width, maxSide)
	case o.Channels != 1 && o.Channels != 3:
		return o, fmt.Errorf("dataset: %d channels, want 1 or 3", o.Channels)
	case o.Holdout < 0:
		return o, fmt.Errorf("dataset: %d pictures to hold out, want none or more", o.Holdout)
	case o.Workers < 0:
		return o, fmt.Errorf("dataset: %d workers, want at least 1", o.Workers)
	case o.MaxPixels < 0 || o.MaxBytes < 0 || o.MaxSpool < 0:
		return o, fmt.Errorf("dataset: limits of %d pixels, %d bytes, %d bytes unpacked: want none negative",
			o.MaxPixels, o.MaxBytes, o.MaxSpool)
	}
	return o, nil
}
