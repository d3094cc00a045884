package viz

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls f with 0 to n-1, each once and in any order, on all processors
// that Go may use, and returns when all calls have.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	done.Wait()
}
