//go:build !amd64 || purego

package kernel

func available() []*isa { return []*isa{portable} }
