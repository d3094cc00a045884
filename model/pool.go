package model

import "dcganviz/internal/kernel"

// A Pool is the threads that arithmetic runs on. A nil *Pool is the one that the
// process shares, with as many threads as there are processors. Results do not
// depend on the number of threads. Close ends the threads of a pool of one's own.
type Pool = kernel.Pool

// NewPool returns a pool of so many threads; 0 or less means as many as there are
// processors (GOMAXPROCS).
func NewPool(threads int) *Pool { return kernel.NewPool(threads) }
