//go:build darwin || linux

package fileio

import "syscall"

func freeSpace(dir string) (free, size int64, ok bool) {
	var s syscall.Statfs_t
	for {
		err := syscall.Statfs(dir, &s)
		if err == syscall.EINTR {
			continue
		}
		block := int64(s.Bsize)
		// Some file systems that are no disk say 0.
		return int64(s.Bavail) * block, int64(s.Blocks) * block, err == nil && s.Blocks > 0
	}
}
