// Package memory says how much memory this process can still get.
//
//	if left := memory.Left(); need > left.Bytes {
//		return fmt.Errorf("%d bytes needed, %s leaves %d", need, left.By, left.Bytes)
//	}
//
// Go cannot catch an allocation that the system refuses: it ends the program with a trace
// of hundreds of lines, or the system kills it. Whoever knows beforehand how much a task
// takes can refuse it in a line.
package memory
