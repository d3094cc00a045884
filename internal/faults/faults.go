package faults

import (
	"fmt"
	"os"
	"sync"
	"syscall"

	"dcganviz/internal/fileio"
)

// A Call is a call to the system, as fileio.Inject names it.
type Call struct{ Name, Path string }

// Reads reports whether the call only reads.
func (c Call) Reads() bool {
	return c.Name == "read" || c.Name == "readdir" || c.Name == "input"
}

// Calls returns the calls that work makes.
func Calls(work func()) (all []Call) {
	var m sync.Mutex
	defer fileio.Inject(func(call, path string) error {
		m.Lock()
		defer m.Unlock()
		all = append(all, Call{call, path})
		return nil
	})()
	work()
	return all
}

// A Fault is a call that fails.
type Fault struct {
	Call
	// At is the number of the call, 0 for the first.
	At int
	// Err is what it fails with.
	Err error
	// Dead means that all later calls fail, too: the disk is gone, or the process was
	// killed.
	Dead bool
}

// Of returns faults at every stride-th call, each alone and each with all after it.
func Of(calls []Call, stride int) (all []Fault) {
	n := 0
	for i, c := range calls {
		errs := []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, syscall.EMFILE}
		if c.Reads() {
			errs = []error{syscall.EIO, syscall.EMFILE}
		}
		for _, dead := range []bool{false, true} {
			if n++; n%stride == 0 {
				all = append(all, Fault{c, i, errs[i%len(errs)], dead})
			}
		}
	}
	return all
}

// Inject makes calls fail until restore.
func (f Fault) Inject() (restore func()) {
	var m sync.Mutex
	n := -1
	return fileio.Inject(func(string, string) error {
		m.Lock()
		defer m.Unlock()
		if n++; n == f.At || f.Dead && n > f.At {
			return f.Err
		}
		return nil
	})
}

func (f Fault) String() string {
	after := ""
	if f.Dead {
		after = " and after"
	}
	return fmt.Sprintf("call %d%s (%s %s): %v", f.At, after, f.Name, f.Path, f.Err)
}

// all in the environment variable asks for every fault, as make faults does.
const variable, all = "DCGANVIZ_FAULTS", "all"

// None lets no call fail until restore. Nothing is flushed to the disk, which is fast.
func None() (restore func()) {
	return fileio.Inject(func(string, string) error { return nil })
}

// All reports whether every fault is asked for, however long that takes.
func All() bool { return os.Getenv(variable) == all }

// Stride returns 1 if every fault is asked for, and few otherwise.
func Stride(few int) int {
	if All() {
		return 1
	}
	return few
}
