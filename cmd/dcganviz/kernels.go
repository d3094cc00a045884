package main

import (
	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// noteKernels says that a command will take long where its kernels are portable, and why
// they are.
func noteKernels(e *env, pool *model.Pool) {
	sets := kernel.Sets()
	switch portable := sets[len(sets)-1]; {
	case pool.Instructions() != portable:
	case len(sets) > 1:
		e.note("%s=%s asks for kernels that are many times slower than the %s ones of this machine", kernel.SIMD, portable, sets[0])
	default:
		e.note("this machine has portable kernels alone, which are many times slower than those for AVX2, AVX-512 or NEON")
	}
}
