// Package faults makes calls to the system fail one after another, for tests of what
// writes files. Nothing but tests imports it.
//
//	calls := faults.Calls(work)
//	for _, f := range faults.Of(calls, faults.Stride(7)) {
//		restore := f.Inject()
//		err := work()
//		restore()
//		// Nothing may be lost.
//	}
package faults
