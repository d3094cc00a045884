package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// batchPixels is what testdata/cifar/make.py puts into n pictures.
func batchPixels(n int) []byte {
	var b []byte
	for i := range n {
		for k := range 3 * cifarPlane {
			b = append(b, byte((7*k+100*i)%251))
		}
	}
	return b
}

// pickle2 writes a batch as Python 2 does, whose text is bytes: the published files are like this.
func pickle2(labels ...byte) []byte {
	text := func(s string) string { return "U" + string([]byte{byte(len(s))}) + s }
	data := batchPixels(len(labels))
	var b bytes.Buffer
	b.WriteString("\x80\x02}q\x01(" + text("batch_label") + "q\x02" + text("training batch 1 of 5") + "q\x03" + text("labels") + "q\x04]q\x05(")
	for _, l := range labels {
		b.Write([]byte{'K', l})
	}
	b.WriteString("e" + text("data") + "q\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\x09" + text("b") + "\x87q\x0aRq\x0b")
	b.WriteString("(K\x01K" + string([]byte{byte(len(labels))}) + "M\x00\x0c\x86q\x0ccnumpy\ndtype\nq\x0d" + text("u1") + "K\x00K\x01\x87q\x0eRq\x0f")
	b.WriteString("(K\x03" + text("|") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T")
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(data))))
	b.Write(data)
	b.WriteString("tb" + text("filenames") + "q\x10]q\x11(" + text("a.png") + text("b.png") + "eu.")
	return b.Bytes()
}

// pickledNamesFile writes the names of the classes as Python 2 does.
func pickledNamesFile(key string, names ...string) []byte {
	text := func(s string) string { return "U" + string([]byte{byte(len(s))}) + s }
	s := "\x80\x02}(" + text(key) + "](" // no memo is needed
	for _, n := range names {
		s += text(n)
	}
	return []byte(s + "eu.")
}

// TestCIFAROfPython opens the Python version in each pickle and each place.
func TestCIFAROfPython(t *testing.T) {
	names := []string{"a", "b", "c", "dog", "e", "f", "g", "h", "ship", "j"}
	batches := map[string][]byte{"python 2": pickle2(3, 8)}
	for _, name := range []string{"protocol2", "protocol4", "protocol5"} {
		b, err := os.ReadFile("testdata/cifar/" + name)
		if err != nil {
			t.Fatal(err)
		}
		batches[name] = b
	}
	for name, batch := range batches {
		files := []file{{"root/cifar-10-batches-py/data_batch_1", batch}, {"root/cifar-10-batches-py/batches.meta", pickledNamesFile("label_names", names...)},
			{"root/cifar-10-batches-py/test_batch", batch}, {"root/readme.html", []byte("<html>")}}
		dir := write(t, files)
		for place, path := range map[string]string{
			"root": dir, "folder": filepath.Join(dir, "root/cifar-10-batches-py"), "file": filepath.Join(dir, "root/cifar-10-batches-py/data_batch_1"),
			"tar": writeFile(t, "c.tar", asTar(t, files)), "tar.gz": writeFile(t, "c.tar.gz", asGzip(t, asTar(t, files))), "zip": writeFile(t, "c.zip", asZip(t, files)),
		} {
			t.Run(name+" "+place, func(t *testing.T) {
				s := mustOpen(t, path, Options{Size: 32, Strict: true})
				if s.Len() != 2 || !slices.Equal(s.Classes(), names) || !slices.Equal(labels(s), []int{3, 8}) || s.Name(1) != "data_batch_1/00001" {
					t.Fatalf("%d pictures, classes %q, labels %v, named %q", s.Len(), s.Classes(), labels(s), s.Name(1))
				}
				checkPlanes(t, load(t, s, 0, 1), batchPixels(2))
			})
		}
	}
}

// checkPlanes compares pixels y, x, channel with planes of red, green and blue.
func checkPlanes(t *testing.T, got, planes []byte) {
	t.Helper()
	for i := range got {
		n, pixel, c := i/(3*cifarPlane), i%(3*cifarPlane)/3, i%3
		if want := planes[n*3*cifarPlane+c*cifarPlane+pixel]; got[i] != want {
			t.Fatalf("picture %d, pixel %d, channel %d: %d, want %d", n, pixel, c, got[i], want)
		}
	}
}

func TestCIFAR100(t *testing.T) {
	fine, err := os.ReadFile("testdata/cifar/fine")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprint("class", i))
	}
	pixels := batchPixels(2)
	record := func(i int, label byte) []byte {
		return append([]byte{19, label}, pixels[i*3*cifarPlane:(i+1)*3*cifarPlane]...)
	}
	binaries := append(record(0, 3), record(1, 8)...)
	for name, files := range map[string][]file{
		"python":       {{"cifar-100-python/train", fine}, {"cifar-100-python/test", fine}, {"cifar-100-python/meta", pickledNamesFile("fine_label_names", names...)}},
		"binary":       {{"cifar-100-binary/train.bin", binaries}, {"cifar-100-binary/fine_label_names.txt", []byte(strings.Join(names, "\n") + "\n")}},
		"binary alone": {{"train.bin", binaries}},
	} {
		dir := write(t, files)
		for place, path := range map[string]string{"folder": dir, "tar.gz": writeFile(t, "c.tgz", asGzip(t, asTar(t, files))), "zip": writeFile(t, "c.zip", asZip(t, files))} {
			t.Run(name+" "+place, func(t *testing.T) {
				s := mustOpen(t, path, Options{Size: 32, Strict: true})
				want := names
				if name == "binary alone" {
					want = numberedClasses(100)
				}
				if s.Len() != 2 || !slices.Equal(s.Classes(), want) || !slices.Equal(labels(s), []int{3, 8}) {
					t.Fatalf("%d pictures, classes %q, labels %v", s.Len(), s.Classes(), labels(s))
				}
				checkPlanes(t, load(t, s, 0, 1), pixels)
			})
		}
	}
}

// TestIDXInNestedFolders opens the root that torchvision makes, and others.
func TestIDXInNestedFolders(t *testing.T) {
	images, labelled := idxFile(3, 4, 4), idxLabelFile(2, 0, 2)
	const raw = "MNIST/raw/"
	for name, files := range map[string][]file{
		"torchvision": {{raw + "train-images-idx3-ubyte", images}, {raw + "train-images-idx3-ubyte.gz", asGzip(t, images)},
			{raw + "train-labels-idx1-ubyte", labelled}, {raw + "t10k-images-idx3-ubyte", idxFile(1, 4, 4)}, {raw + "t10k-labels-idx1-ubyte", idxLabelFile(1)}},
		"gzipped": {{"a/b/c/train-images-idx3-ubyte.gz", asGzip(t, images)}, {"a/b/c/train-labels-idx1-ubyte.gz", asGzip(t, labelled)}},
		"dots":    {{"x/train-images.idx3-ubyte", images}, {"x/train-labels.idx1-ubyte", labelled}},
		"test":    {{"t10k-images-idx3-ubyte", images}, {"t10k-labels-idx1-ubyte", labelled}},
	} {
		paths := map[string]string{"folder": write(t, files)}
		if name != "gzipped" { // gzipped within an archive is left alone
			paths["tar"] = writeFile(t, "x.tar", asTar(t, files))
			paths["zip"] = writeFile(t, "x.zip", asZip(t, files))
		}
		for place, path := range paths {
			t.Run(name+" "+place, func(t *testing.T) {
				s := mustOpen(t, path, Options{Size: 4, Channels: 1, Strict: true})
				if s.Len() != 3 || !slices.Equal(labels(s), []int{2, 0, 2}) || !bytes.Equal(load(t, s, 2), images[16+32:]) {
					t.Errorf("%d pictures, labels %v, pixels %v", s.Len(), labels(s), load(t, s, 2))
				}
			})
		}
	}
	several := write(t, []file{{"MNIST/raw/train-images-idx3-ubyte", images}, {"KMNIST/raw/train-images-idx3-ubyte", images}})
	if _, err := Open(several, Options{}); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), `2 data sets in it, name the one: "KMNIST/raw/train-images-idx3-ubyte", "MNIST/raw/`) {
		t.Errorf("two sets: %v, want ErrUnsupported that names them", err)
	}
}

// TestEMNISTIsTurnedUpright compares with the same pictures, rows and columns exchanged,
// under MNIST's name.
func TestEMNISTIsTurnedUpright(t *testing.T) {
	const side = 5
	images := idxFile(2, side, side)
	turned := slices.Clone(images)
	for n := range 2 {
		for y := range side {
			for x := range side {
				turned[16+n*side*side+x*side+y] = images[16+n*side*side+y*side+x]
			}
		}
	}
	opt := Options{Size: side, Channels: 1, Strict: true}
	dir := write(t, []file{{"emnist-letters-train-images-idx3-ubyte", turned}, {"emnist-letters-train-labels-idx1-ubyte", idxLabelFile(1, 2)},
		{"emnist-letters-test-images-idx3-ubyte", turned}})
	upright := mustOpen(t, writeFile(t, "train-images-idx3-ubyte", images), opt)
	for _, path := range []string{dir, filepath.Join(dir, "emnist-letters-train-images-idx3-ubyte")} {
		s := mustOpen(t, path, opt)
		if got, want := load(t, s, 0, 1), load(t, upright, 0, 1); !bytes.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		if !slices.Equal(labels(s), []int{1, 2}) {
			t.Errorf("labels %v", labels(s))
		}
	}
	// A run on pictures on their sides must not go on with upright ones unnoticed.
	if s, raw := mustOpen(t, dir, opt), mustOpen(t, writeFile(t, "train-images-idx3-ubyte", turned), opt); s.Fingerprint() == raw.Fingerprint() {
		t.Error("upright and turned pictures have one fingerprint")
	}
}

// TestHostileBatches are pickles that are no batch of CIFAR.
func TestHostileBatches(t *testing.T) {
	whole := pickle2(3, 8)
	for name, c := range map[string]struct {
		b    []byte
		kind error
	}{
		"code":        {[]byte("\x80\x02cos\nsystem\nU\x02ls\x85R."), ErrUnsupported},
		"no dict":     {[]byte("\x80\x02]."), ErrUnsupported},
		"no data":     {[]byte("\x80\x02}U\x06labels]s."), ErrUnsupported},
		"no labels":   {[]byte("\x80\x02}U\x04data]s."), ErrUnsupported},
		"short shape": {bytes.Replace(whole, []byte("K\x02M\x00\x0c\x86"), []byte("K\x01M\x00\x0c\x86"), 1), ErrCorrupt},
		"huge shape":  {bytes.Replace(whole, []byte("K\x02M\x00\x0c\x86"), []byte("J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86"), 1), ErrCorrupt},
		"negative":    {bytes.Replace(whole, []byte("K\x02M\x00\x0c\x86"), []byte("J\xff\xff\xff\xffM\x00\x0c\x86"), 1), ErrCorrupt},
		"of floats":   {bytes.Replace(whole, []byte("u1"), []byte("f1"), 1), ErrUnsupported},
		"signed":      {bytes.Replace(whole, []byte("u1"), []byte("i1"), 1), ErrCorrupt},
		"bytes after": {append(slices.Clone(whole), 0), ErrCorrupt},
	} {
		if _, err := Open(writeFile(t, "data_batch_1", c.b), Options{}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
	for n := 3; n < len(whole); n += 13 {
		if _, err := Open(writeFile(t, "data_batch_1", whole[:n]), Options{}); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut at %d: %v, want ErrCorrupt", n, err)
		}
	}
	s := mustOpen(t, writeFile(t, "data_batch_1", pickle2(3, 80)), Options{})
	if err := s.Check(t.Context(), nil); err != nil || len(s.Bad()) != 1 {
		t.Errorf("label 80 of 10 classes: %v (%v), want one bad picture", s.Bad(), err)
	}
}

// FuzzPickled looks for panics and errors without a kind.
func FuzzPickled(f *testing.F) {
	f.Add(pickle2(3, 8))
	f.Add(pickledNamesFile("label_names", "a", "b"))
	for _, name := range []string{"protocol2", "protocol4", "protocol5", "fine"} {
		b, err := os.ReadFile("testdata/cifar/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	o, _ := Options{}.filled()
	f.Fuzz(func(t *testing.T, b []byte) {
		m := sectionMember("data_batch_1", bytes.NewReader(b), 0, int64(len(b)))
		c, err := openPickles([]*member{m}, nil, o)
		checkContents(t, c, err)
		if _, err := pickledNames(m, o); err != nil {
			checkContents(t, nil, err)
		}
	})
}
