// Package random makes generators of random numbers, no two of them related.
//
//	rng := random.New(seed, random.UnitsShuffles)
//
// New has one generator for each Stream, and At one for each index of a purpose.
package random
