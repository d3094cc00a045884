// Package digests checks that the figures in a folder show what they always did. It
// compares digests of each picture's tiles and plots without the text around them,
// of the numbers beside it, and of its recipe. Words may change without changing
// any. All of it is tests:
//
//	bin/dcganviz figures --out /tmp/paper
//	go test -count=1 ./internal/checks/digests -run TestFigures -folder /tmp/paper
//
// With -update the test stores the digests of the folder instead.
package digests
