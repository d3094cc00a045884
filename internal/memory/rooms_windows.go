package memory

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                                                               uint32
	totalPhys, availPhys, totalPage, availPage, totalVirt, availVirt, extended uint64
}

var globalMemoryStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")

// rooms returns how much the system can still promise: memory and its paging file.
func rooms() []Room {
	s := memoryStatus{}
	s.length = uint32(unsafe.Sizeof(s))
	if globalMemoryStatus.Find() != nil {
		return nil
	}
	if ok, _, _ := globalMemoryStatus.Call(uintptr(unsafe.Pointer(&s))); ok == 0 || s.availPage > 1<<62 {
		return nil
	}
	return []Room{{int64(s.availPage), "the machine"}}
}
