package main

import (
	"fmt"

	"dcganviz/internal/memory"
	"dcganviz/model"
	"dcganviz/model/train"
)

// checkMemory refuses what takes more memory than there is left: Go could only end with
// a trace. advice says what takes less; it is asked for what is left.
func checkMemory(what string, need int64, left memory.Room, advice func(left int64) string) error {
	if need <= left.Bytes {
		return nil
	}
	return usageError("%s takes about %s of memory, and %s leaves %s: %s", what, gigabytes(need), left.By, gigabytes(left.Bytes), advice(left.Bytes))
}

func gigabytes(n int64) string { return fmt.Sprintf("%.1f GB", float64(n)/1e9) }

// cacheBytes is how much of decoded pictures train keeps where there is room.
const cacheBytes = 1 << 30

// checkMemory refuses a run that takes too much memory. It returns what remains for
// pictures, as dataset.Options.MemoryLimit.
func (p *plan) checkMemory(threads int, left memory.Room) (pictures int64, err error) {
	need := p.memory(p.cfg, p.opt.Batch, threads)
	err = checkMemory("this training", need, left, func(left int64) string {
		smaller := p.smaller(threads, left)
		switch {
		case smaller == "":
			return "there is too little for any nets"
		case p.resume:
			return "a run keeps its --width and --batch, so go on where there is more, or begin one in another --out with " + smaller
		}
		return "take " + smaller
	})
	if err != nil {
		return 0, err
	}
	if pictures = min(left.Bytes-need, cacheBytes); pictures <= 0 {
		pictures = -1 // none
	}
	return pictures, nil
}

// memory is how much nets and batches of that size take, nothing if there are no such.
func (p *plan) memory(cfg model.Config, batch, threads int) int64 {
	opt := p.opt
	opt.Batch = batch
	need, err := train.Memory(cfg, opt, threads)
	if err != nil {
		return 0 // train.New says why
	}
	return need
}

// smaller names a batch and widths that fit, if there are any.
func (p *plan) smaller(threads int, left int64) string {
	fits := func(cfg model.Config, batch int) bool { return p.memory(cfg, batch, threads) <= left }
	var batch, width string
	for n := p.opt.Batch / 2; n >= 2; n /= 2 {
		if fits(p.cfg, n) {
			batch = fmt.Sprintf("--batch %d", n)
			break
		}
	}
	const parts = 64
	for k := parts - 1; k > 0; k-- {
		cfg := p.cfg
		cfg.GWidth, cfg.DWidth = p.cfg.GWidth*k/parts, p.cfg.DWidth*k/parts
		if cfg.GWidth > 8 {
			cfg.GWidth &^= 7 // the kernels' vectors
		}
		if cfg.DWidth > 8 {
			cfg.DWidth &^= 7
		}
		if min(cfg.GWidth, cfg.DWidth) < 1 || !fits(cfg, p.opt.Batch) {
			continue
		}
		if width = fmt.Sprintf("--width %d", cfg.GWidth); cfg.GWidth != cfg.DWidth {
			width = fmt.Sprintf("--gwidth %d --dwidth %d", cfg.GWidth, cfg.DWidth)
		}
		break
	}
	if batch != "" && width != "" {
		return width + ", or " + batch
	}
	return width + batch
}
