// Package pth reads and writes PyTorch's checkpoints: the zip archives of
// torch.save since version 1.6, and the stream of pickles before it.
//
// Both hold a pickle, a program for a small stack machine that Python trusts
// to name any function and call it. This package runs the machine but calls
// nothing. It knows the meaning of a handful of names, which make tensors and
// containers. A file with any other name is refused by that name.
//
//	f, err := pth.Parse(file)
//	if err != nil {
//		return err // wraps ErrCorrupt, ErrTooLarge, ErrUnsupported or ErrForeign
//	}
//	for _, net := range f.StateDicts() {
//		for _, t := range net.Tensors {
//			values, err := t.Tensor.Float32s() // in C order, whatever the strides
//			...
//		}
//	}
//
//	gain, err := pth.New("main.1.weight", []int{3}, []float32{1, 1, 1})
//	err = pth.WriteZip(w, []pth.NamedTensor{gain})
//
// # What is refused
//
// Classes and functions that are not in the allow-list (ErrForeign), among
// them whole modules saved with torch.save(net); opcodes that torch.save does
// not write; strings, counts and storages longer than the bytes that are
// there; containers that hold themselves or nest deeper than MaxDepth; keys
// given twice; tensors that reach out of their storage; compressed or
// encrypted zip entries, entries that overlap, differ from the directory or
// fail their CRC-32; a legacy stream that does not end with its last storage.
//
// # Memory
//
// A file is parsed in memory, in one piece that all tensors share. Beside it the
// objects of the pickle take at most MaxObjects bytes by an estimate. What
// Float32s returns comes on top: a file is refused when all its tensors
// together would take more than its size and 64 MB (float16 and bfloat16
// counted at their own size), so that views of one small storage cannot add up
// to anything larger. ReadHeader leaves the storages on the disk.
//
// # Damage
//
// Zip entries carry a CRC-32, which is checked. The legacy format has no
// checksum: a flipped bit can change one number, one name or one other value
// and stay unseen. So that it cannot silently reshape a tensor, elements of a
// legacy file are given out only if the tensors cover each of their storages
// fully and no tensor has elements that overlap.
//
// It leaves out sparse, quantized and complex tensors, TorchScript, and what
// the tensors mean: layers are the model package's.
package pth
