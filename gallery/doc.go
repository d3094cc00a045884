// Package gallery makes the page that shows a folder of results.
//
// Page takes pictures, the recipes that they carry and the numbers beside them,
// and returns one HTML file that refers to the pictures by their names: styles
// and scripts are inside, so that it opens from a disk without a network. Each
// figure says what was done, what to look for, and what its number and its
// control say; its tiles can be picked, where the numbers tell where they lie.
//
//	html, err := gallery.Page([]gallery.Picture{{
//		File: "walk.png", Width: 640, Height: 640,
//		Command: "walk", Model: "facades", Numbers: walkJSON,
//	}}, gallery.Options{Title: "results"})
//
// All of it may come from a stranger's folder. Names and texts are escaped as
// what they are, places outside of a picture are not taken, a command to copy
// holds nothing of a file's that a shell or this program could be misled by, and
// a policy in the page keeps a browser from running or loading anything else.
//
// It reads and writes no files. Package cmd/dcganviz does.
package gallery
