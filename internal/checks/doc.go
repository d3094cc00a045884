// Package checks holds the rules of this repository that a compiler does not:
// which package may import which, what the exported API may show, what library
// code may call, how long a file may be, and that every licence is listed.
//
// All of it is tests, which apply the rules to the tree; `make check` and `make
// test` run them:
//
//	go test ./internal/checks
//
// It asks the go command for packages and reads their sources. It looks at the
// files of the platform that it runs on, and changes nothing.
package checks
