// Package quotes checks that the numbers in README and docs are those of the figures. All of it
// is tests.
//
// quotes.toml lists their sentences with numbers, and for each number the figure
// and the place in its JSON where it stands. testdata/figures/numbers.json holds the
// values at those places, as `make digests` found them:
//
//	bin/dcganviz figures --out /tmp/paper
//	go test -count=1 ./internal/checks/quotes -folder /tmp/paper -update
//
// A sentence that no document has, a number that is not the figure's at the
// precision in which it is printed, and a number of these documents that no
// quote explains are failures. With -folder the test compares the values with those in a
// folder of figures, too, and each sentence of the page with the numbers of its
// own figure.
package quotes
