//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

var (
	avx512 = &isa{name: "avx512", mr: 14, nr: 32, pack: packAVX512, gather: gatherAVX512, vec: &simdVectors}
	avx2   = &isa{name: "avx2", mr: 6, nr: 16, pack: packAVX2, gather: gatherAVX2, vec: &simdVectors}
)

// available lists the instruction sets that this machine has, best first.
func available() []*isa {
	sets := []*isa{portable}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		sets = append([]*isa{avx2}, sets...)
		if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW {
			sets = append([]*isa{avx512}, sets...)
		}
	}
	return sets
}
