package memory

import "golang.org/x/sys/unix"

// rooms returns the memory of the machine: what is free of it the system does not say
// in a way that counts what can be freed.
func rooms() []Room {
	if size, err := unix.SysctlUint64("hw.memsize"); err == nil && size < 1<<62 {
		return []Room{{int64(size), "the machine"}}
	}
	return nil
}
