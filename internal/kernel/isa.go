package kernel

import "os"

// SIMD names the environment variable that overrides the instruction set:
// portable, avx2 or avx512. A set that the machine lacks is ignored.
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

// Instructions returns the name of the instruction set in use.
func (p *Pool) Instructions() string { return p.orShared().isa.name }
