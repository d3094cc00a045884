package fileio

// Free returns how many bytes a file in dir may still take, and how large its disk is.
// Where the system does not say, ok is false.
func Free(dir string) (free, size int64, ok bool) { return freeSpace(dir) }
