// Package progress shows on a terminal how far a command has come, and prints a
// line now and then where there is no terminal.
//
//	shown := progress.NewCount(os.Stderr, time.Now, "images drawn", len(images))
//	defer shown.Close()
//	for i := range images {
//		draw(images[i])
//		shown.Reach(i + 1)
//	}
//
// A Count is for work of any sort, Training for the steps of a training run. The
// writer and the clock are handed in.
package progress
