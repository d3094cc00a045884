//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

var (
	avx512 = &isa{name: "avx512", mr: 14, nr: 32, pack: packAVX512, gather: gatherAVX512, vec: &avx2Vectors}
	avx2   = &isa{name: "avx2", mr: 6, nr: 16, pack: packAVX2, gather: gatherAVX2, vec: &avx2Vectors}
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

// avx2Vectors are simdVectors with the transforms of winograd.go.
var avx2Vectors = func() vectors {
	v := simdVectors
	v.winoInput = func(dst, src []float32, stride, row, cell, n int) {
		winoInputAVX2(&dst[0], &src[0], stride, row, cell, n)
	}
	v.winoTaps = func(dst []float32, stride int, src *[4][]float32, at, n int) {
		winoTapsAVX2(&dst[0], stride, &src[0][at], &src[1][at], &src[2][at], &src[3][at], n)
	}
	v.winoOutput = func(dst *[4][]float32, src []float32, stride, n int) {
		winoOutputAVX2(&dst[0][0], &dst[1][0], &dst[2][0], &dst[3][0], &src[0], stride, n)
	}
	return v
}()
