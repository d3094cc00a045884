package train

import "dcganviz/model"

// Memory returns how many bytes a run takes on a pool of so many threads, pictures that
// its Source keeps not counted. It allocates nothing. Measured runs take 80% to 100% of
// it. Errors are those of New.
func Memory(cfg model.Config, opt Options, threads int) (int64, error) {
	if err := cfg.Validate(); err != nil {
		return 0, err
	}
	opt, err := opt.filled()
	if err != nil {
		return 0, err
	}
	const float = 4
	m := cfg.StepMemory(opt.Batch, settleBatch)
	nets := m.G + m.D
	saving := nets + m.Largest                                    // in the order of the file
	held := 3*nets + m.Step + m.Drawing + int64(threads)*m.Thread // Adam's moments are two
	if opt.EMA > 0 {
		saving = max(saving, nets+m.G)
		held += m.Copy
	}
	batches := 2 // of the loader
	if opt.Augment != 0 {
		batches++
	}
	h, w, c := cfg.Dims()
	held += saving + int64(batches*opt.Batch)*int64(h*w*c)*float
	return programBytes + held + held/garbageShare, nil
}

const (
	// programBytes is what the program takes without nets.
	programBytes = 32 << 20
	// garbageShare is which part of the memory garbage may take besides.
	garbageShare = 16
)
