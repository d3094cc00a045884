// Package gallery makes an HTML page of pictures that explain themselves.
//
// A [Block] is one picture: what was done, what to look for, what its number and
// its control say, a table that can be sorted, tiles that can be picked, points to
// hover over. [Page] returns one HTML file of blocks that refers to the pictures
// by their names: styles and scripts are inside, so that it opens from a disk
// without a network.
//
//	html, err := gallery.Page([]*gallery.Block{{
//		File: "walk.png", Width: 640, Height: 640, Title: "A walk", Alt: "64 images",
//		Done: "G drew 64 images at even steps.",
//	}}, gallery.Options{Title: "results"})
//
// [WatchPage] returns the page of something that goes on, as a training: a film, curves, a
// verdict. A browser loads it again from time to time.
//
// Names and texts may come from a stranger's folder: they are escaped as what they
// are, and a policy in the page keeps a browser from running or loading anything
// else. Whoever fills in a block answers for the commands in it.
//
// The package knows no experiment: package gallery/figure makes the blocks. It
// reads and writes no files.
package gallery
