//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package fileio

// lock grants every lock: this system has no lock that ends with the process.
func lock(string) (unlock func(), err error) { return func() {}, nil }
