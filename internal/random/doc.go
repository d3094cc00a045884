// Package random makes generators of which no two are related.
//
//	rng := random.New(seed, random.UnitsShuffles)
//
// New has one generator for each Stream, and At one for each index of a purpose.
package random
