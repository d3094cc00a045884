package fileio

import "golang.org/x/sys/windows"

func freeSpace(dir string) (free, size int64, ok bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, false
	}
	var available, total, all uint64
	if err := windows.GetDiskFreeSpaceEx(name, &available, &total, &all); err != nil {
		return 0, 0, false
	}
	return int64(available), int64(total), true
}
