package model

import "dcganviz/internal/kernel"

// A Pool is the threads that arithmetic runs on. A nil *Pool is the pool that the
// process shares, with one thread for each processor. Results do not depend on the
// number of threads. Close ends the threads of a pool that NewPool made.
type Pool = kernel.Pool

// NewPool returns a pool with that number of threads; 0 or less means one for each
// processor (GOMAXPROCS).
func NewPool(threads int) *Pool { return kernel.NewPool(threads) }
