package train

import "math/rand/v2"

// A purpose names what a stream of random numbers is drawn for. Every number
// that training uses is a function of (seed, purpose, index): the index is the
// step, or the epoch for the order of the pictures. Nothing is carried from
// step to step, so a run that resumes has no random state to restore, and
// turning one option on leaves the numbers of the others as they were.
type purpose uint64

const (
	forWeightsG purpose = 1 + iota
	forWeightsD
	forOrder
	forLatents
	forFlips
	forAugmentReal
	forAugmentFake
	forAugmentGen
	forStatistics
)

// golden is 2^64 divided by the golden ratio, made odd: its multiples are
// spread evenly.
const golden = 0x9e3779b97f4a7c15

// mix scrambles 64 bits reversibly: the finaliser of SplitMix64 (Steele et al.
// 2014, doi:10.1145/2660193.2660195). Neighbouring seeds, purposes and indices
// get unrelated generators through it.
func mix(v uint64) uint64 {
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// derive returns the seed that stands for one purpose of a run.
func derive(seed uint64, what purpose) uint64 {
	return mix(mix(seed+golden) ^ uint64(what)*golden)
}

// stream returns the generator of one purpose at one index.
func stream(seed uint64, what purpose, index int) *rand.Rand {
	hi := derive(seed, what)
	return rand.New(rand.NewPCG(hi, mix(hi+uint64(index)*golden)))
}
