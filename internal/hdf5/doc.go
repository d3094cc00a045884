// Package hdf5 reads the files of HDF5 that Keras writes its weights to, by h5py: groups,
// attributes and arrays of numbers and text.
//
//	f, err := hdf5.Parse(file)
//	if err != nil {
//		return err // wraps ErrCorrupt, ErrTooLarge or ErrUnsupported
//	}
//	config, err := f.Root.Attribute("model_config").Text()
//	kernel := f.Root.Find("model_weights/dense/dense/kernel:0")
//	values, err := kernel.Data.Float32s() // in C order
//
// Superblocks of versions 0 to 3; groups as symbol tables and as links, compact or in a
// heap; attributes likewise; arrays in the header, in one piece, and in chunks, also
// deflated, shuffled and with sums by Fletcher; numbers of 1 to 8 bytes, floats of 2, 4 and
// 8, strings of fixed and of variable length.
//
// # What is refused
//
// Links that leave the file or name another object, shared messages, external storage,
// virtual arrays and other filters are ErrUnsupported, by name. An object that two links
// lead to, a tree that visits a node twice, a name that is given twice and whatever
// reaches past the end of the file are ErrCorrupt. What the format guards by a sum is checked.
//
// # Memory
//
// A file is parsed in memory, in one piece that all attributes share. The objects that it
// holds are at most MaxObjects. All arrays together must not take more than the size of the
// file and 64 MB, so that a few bytes cannot inflate to anything large.
//
// It leaves out writing, and what the arrays mean.
//
// Format: HDF5 File Format Specification, version 3.0.
package hdf5
