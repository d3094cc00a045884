//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package fileio

// lock grants every lock: there is none on this system that ends with the
// process.
func lock(string) (unlock func(), err error) { return func() {}, nil }
