// Package safetensors reads and writes the safetensors container: a JSON
// header that names tensors, then their bytes.
//
// Read, Parse and ReadFile take a whole file and check all of it; ReadHeader
// takes the header alone and leaves the data on the disk. Files from anywhere
// may be given: nothing is allocated for a number in a file before the bytes
// that it promises are known to be there.
//
//	f, err := safetensors.ReadFile("generator.safetensors")
//	if err != nil {
//		return err // wraps ErrCorrupt, ErrTooLarge or ErrUnsupported
//	}
//	w, err := f.Float32s("main.0.weight")
//
//	gain, err := safetensors.New("main.1.weight", []int{3}, []float32{1, 1, 1})
//	err = safetensors.WriteFile("out.safetensors", "", map[string]string{"arch": "pytorch"}, []safetensors.Tensor{gain})
//
// # What is refused
//
// A header above 100 MB or longer than the file; anything but strict JSON in
// UTF-8; a name or key given twice; a dtype that the format does not know; a
// shape whose size overflows or differs from its bytes; tensor ranges that
// overlap, leave a hole or do not end where the file ends.
//
// # The digest
//
// The format itself does not protect the data. Files written here carry two
// more metadata entries: "sha256", 64 lower-case hexadecimal digits, and
// "sha256_of", which says in words what they are the SHA-256 of: the whole
// file, every byte from first to last, with those 64 digits replaced by zeros
// (the character '0'). A file with either entry must have both and must match,
// or it is refused; so no single flipped bit can switch the check off. Files
// without them, as other programs write, are read unchecked.
//
// It leaves out what the tensors mean: names, layouts and metadata are the
// model package's, and reading slices of tensors.
package safetensors
