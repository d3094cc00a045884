package kernel

import "os"

// SIMD names the environment variable that overrides the instruction set:
// portable, avx2, avx512 or neon. A set that the machine lacks is ignored.
const SIMD = "DCGANVIZ_SIMD"

// bestISA returns the best instruction set that this machine has and SIMD
// allows.
func bestISA() *isa {
	sets := available()
	if name := os.Getenv(SIMD); name != "" {
		for _, s := range sets {
			if s.name == name {
				return s
			}
		}
	}
	return sets[0]
}

// Sets names the instruction sets that this machine and this build have kernels for,
// best first. The last is portable.
func Sets() []string {
	var names []string
	for _, s := range available() {
		names = append(names, s.name)
	}
	return names
}

// Instructions returns the name of the instruction set in use.
func (p *Pool) Instructions() string { return p.orShared().isa.name }

// Class names the kernels in use by the bits that they give. Of one class all bits are
// the same; of others they differ by rounding.
//
// "fma" is avx2, avx512 and neon, which fuse products with sums, and "portable" is Go
// code, which fuses none. Kernels of one class give the same bits on every machine. But
// where Go's compiler fuses in Go code, as it does for arm64, what the probes compute
// around the kernels may differ by rounding, and "-fused" follows. There package math
// rounds differently too, which a net's loss and interpolated latents may show.
func (p *Pool) Class() string {
	class := "fma"
	if p.orShared().isa == portable {
		class = portable.name
	}
	if productSum(fuseA, fuseA, fuseB) != 0 {
		class += "-fused"
	}
	return class
}

// The square of fuseA, rounded to float32, is -fuseB; not rounded it is 2^-24 more.
// They are variables, so that the compiler computes nothing itself.
var fuseA, fuseB float32 = 1 + 1.0/(1<<12), -(1 + 1.0/(1<<11))

//go:noinline
func productSum(a, b, c float32) float32 { return a*b + c }
