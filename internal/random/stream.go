package random

// A Stream is what random numbers are for. Streams keep numbers of one seed apart
// that serve different purposes. Their values must never change: with another
// value the same seed would draw other figures.
type Stream uint64

// The streams of package probe.
const (
	DoctorShuffle    Stream = 0x70616972
	FiltersBootstrap Stream = 0x66696c74657273
	// FiltersSwaps is "swaps".
	FiltersSwaps  Stream = 0x7377617073
	FiltersJitter Stream = 0x6a6974746572
	// FiltersStart is the first of the streams of units: unit u has
	// FiltersStart + u<<40.
	FiltersStart     Stream = 0x7374617274
	ForgetControls   Stream = 0x636f6e74726f6c73
	ForgetNegatives  Stream = 0x6e65676174697665
	ForgetProbes     Stream = 0x70726f626573
	KidHalves        Stream = 0x6b6964
	KMeans           Stream = 0x6b6d65616e73
	KMeansPatches    Stream = 0x70617463686573
	NearestBootstrap Stream = 0x6e656172657374
	NearestMemoriser Stream = 0x6d656d6f72697365
	NearestStrangers Stream = 0x737472616e676572
	// RepresentBootstrap is "boot", RepresentDraws "draws", RepresentHoldout "holdout"
	// backwards, RepresentNets "nets", RepresentProject "project" and RepresentSplit "split".
	RepresentBootstrap Stream = 0x626f6f74
	RepresentDraws     Stream = 0x6472617773
	RepresentHoldout   Stream = 0x74756f646c6f68
	RepresentNets      Stream = 0x6e657473
	RepresentProject   Stream = 0x70726f6a656374
	RepresentSplit     Stream = 0x73706c6974
	SVMSketch          Stream = 0x73766d
	TSNEJitter         Stream = 0x7543e
	UnitsBootstrap     Stream = 0x756e69747362
	UnitsShuffles      Stream = 0x756e69747373
)

// The streams of package dataset.
const DatasetHoldout Stream = 0x686f6c646f7574
