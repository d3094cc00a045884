//go:build !(darwin || linux || windows)

package fileio

func freeSpace(string) (free, size int64, ok bool) { return 0, 0, false }
