// Package dataset opens a set of pictures to train or probe a network on.
//
// [Open] takes a folder of pictures (nested folders are classes), a .zip,
// .tar or .tar.gz of such a folder, MNIST-style IDX files (plain or gzipped)
// or CIFAR batches, and gives a [Set]: named pictures in a fixed
// order, all centre-cropped to a square and resized to one size. [Set.Load]
// decodes any of them into NHWC floats in [-1, 1].
//
//	set, err := dataset.Open("photos", dataset.Options{Size: 64, Channels: 3})
//	if err != nil {
//		return err
//	}
//	defer set.Close()
//	x := make([]float32, 2*64*64*3)
//	if err := set.Load(ctx, []int{0, 1}, x); err != nil {
//		return err
//	}
//	for _, b := range set.Bad() {
//		fmt.Fprintf(stderr, "skipped %q: %v\n", b.Name, b.Err)
//	}
//
// Whatever the bytes are, they are only read: names inside an archive are
// labels, never paths to write to. Sizes that a file claims are checked
// against limits, and against the bytes that are there, before anything is
// allocated for them. A picture is good or bad by its bytes alone, so two runs
// over one set skip the same pictures.
//
// The package draws no random numbers: which pictures make up a batch, when it
// is loaded and whether it is flipped is its caller's choice.
package dataset
