//go:build arm64 && !purego

package kernel

// neon has a tile of avx2's shape. Every arm64 has the instructions.
var neon = &isa{name: "neon", mr: 6, nr: 16, pack: packNEON, gather: gatherNEON, vec: &simdVectors}

// available lists the instruction sets that this machine has, best first.
func available() []*isa { return []*isa{neon, portable} }
