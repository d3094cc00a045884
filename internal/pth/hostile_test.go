package pth

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// stored makes an archive of names and contents by turns, as torch lays it out.
func stored(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		data := []byte(parts[i+1])
		w, err := z.CreateRaw(&zip.FileHeader{
			Name: parts[i], CRC32: crc32.ChecksumIEEE(data), CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(data)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withPickle is an archive with a pickle of protocol 2, whose ends are added,
// and a storage 0 of 16 bytes.
func withPickle(t testing.TB, body string) []byte {
	t.Helper()
	return stored(t, "x/data.pkl", "\x80\x02"+body+".", "x/data/0", "0123456789abcdef")
}

// Parts of pickles.
const (
	pid     = "(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04t"
	storage = pid + "Q"
	rebuild = "ctorch._utils\n_rebuild_tensor_v2\n"
)

// view is a pickle of a tensor of 4 floats with other arguments.
func view(args string) string { return rebuild + "(" + storage + args + "\x89}tR" }

// legacyFile puts the magic number and the system before pickles and storages.
func legacyFile(rest string) []byte {
	return []byte("\x80\x02" + legacyMagic + "\x80\x02M\xe9\x03." + "\x80\x02}X\x0d\x00\x00\x00little_endian\x88s." + rest)
}

func TestHostilePickles(t *testing.T) {
	long := strings.Repeat("a", 300)
	for _, c := range []struct {
		name, body string
		want       error
		text       string
	}{
		{"nothing", "", ErrCorrupt, "0 objects"},
		{"two objects", "NN", ErrCorrupt, "2 objects"},
		{"open mark", "N(", ErrCorrupt, "1 objects"},
		{"stop inside", "N.", ErrCorrupt, "1 bytes after"},
		{"no opcode", "\xff", ErrCorrupt, "byte 0xff"},
		{"protocol 6", "\x80\x06N", ErrUnsupported, "protocol 6"},
		{"system", "cos\nsystem\nX\x02\x00\x00\x00id\x85R", ErrForeign, `"os.system"`},
		{"eval", "c__builtin__\neval\n", ErrForeign, `"builtins.eval"`},
		{"getattr", "}cbuiltins\ngetattr\n", ErrForeign, `"builtins.getattr"`},
		{"stack global", "X\x02\x00\x00\x00osX\x06\x00\x00\x00system\x93", ErrForeign, `"os.system"`},
		{"stack global of numbers", "K\x01K\x02\x93", ErrCorrupt, "an int and an int"},
		{"inst", "(ios\nsystem\n", ErrForeign, "INST"},
		{"obj", "(cos\nsystem\no", ErrForeign, `"os.system"`},
		{"newobj", "ccollections\nOrderedDict\n)\x81", ErrForeign, "NEWOBJ"},
		{"ext", "\x82\x01", ErrForeign, "EXT1"},
		{"load from bytes", "(ctorch.storage\n_load_from_bytes\n", ErrForeign, `"torch.storage._load_from_bytes"`},
		{"control character", "cos\n\x1b[31m\n", ErrForeign, `"os.\x1b[31m"`},
		{"long name", "c" + long + "\n", ErrCorrupt, "at most 255"},
		{"name without end", "cos", ErrCorrupt, "has no end"},
		{"dup", "N2", ErrCorrupt, "DUP"},
		{"pop", "N0", ErrCorrupt, "POP"},
		{"text persistent id", "P0\n", ErrCorrupt, "PERSID"},
		{"append to nothing", "a", ErrCorrupt, "0 objects"},
		{"append below a mark", "](Na", ErrCorrupt, "the stack is empty"},
		{"append to a dict", "}Na", ErrCorrupt, "a dict, want a list"},
		{"items without mark", "]e", ErrCorrupt, "no mark"},
		{"set in a list", "]NNs", ErrCorrupt, "a list, want a dict"},
		{"odd items", "}(NNNu", ErrCorrupt, "3 objects"},
		{"list as key", "}]Ns", ErrCorrupt, "a list as the key"},
		{"key twice", "}(X\x01\x00\x00\x00kNX\x01\x00\x00\x00kNu", ErrCorrupt, `"k" given twice`},
		{"number twice", "}(K\x07NK\x07Nu", ErrCorrupt, "key 7 given twice"},
		{"many keys twice", "}(" + manyKeys(20) + "K\x07Nu", ErrCorrupt, "key 7 given twice"},
		{"memo not set", "h\x00", ErrCorrupt, "memo 0"},
		{"memo twice", "Nq\x00q\x00", ErrCorrupt, "set twice"},
		{"memo of nothing", "q\x00", ErrCorrupt, "the stack is empty"},
		{"tuple of nothing", "\x86", ErrCorrupt, "0 objects on the stack, want 2"},
		{"text beyond the end", "X\xff\xff\xff\xffabc", ErrCorrupt, "wants 4294967295 bytes, only 4 are left"},
		{"100 GB of text", "\x8d\x00\xe8\x76\x48\x17\x00\x00\x00abc", ErrCorrupt, "wants 100000000000 bytes"},
		{"2^64 bytes", "\x8e\xff\xff\xff\xff\xff\xff\xff\xffabc", ErrCorrupt, "wants 18446744073709551615"},
		{"100 GB frame", "\x95\x00\xe8\x76\x48\x17\x00\x00\x00N", ErrCorrupt, "frame of 100000000000"},
		{"not text", "X\x01\x00\x00\x00\xff", ErrCorrupt, "UTF-8"},
		{"long number", "\x8b\x00\x01\x00\x00" + strings.Repeat("\x01", 256), ErrTooLarge, "256 bytes"},
		{"number in words", "Ione\n", ErrCorrupt, `"one"`},
		{"holds itself", "]q\x00h\x00a", ErrCorrupt, "holds itself"},
		{"holds itself in a dict", "}q\x00X\x01\x00\x00\x00k]h\x00as", ErrCorrupt, "holds itself"},
		{"deep", strings.Repeat("]", 65) + strings.Repeat("a", 64), ErrTooLarge, "deeper than 64"},
		{"deep behind what was seen", deepBySharing(100), ErrTooLarge, "deeper than 64"},
		{"function as a value", "ccollections\nOrderedDict\n", ErrForeign, "collections.OrderedDict as a value"},
		{"class as a value", "](ctorch\nFloatStorage\ne", ErrForeign, "torch.FloatStorage as a value"},
		{"numpy type as a value", "cnumpy\ndtype\nX\x02\x00\x00\x00f8\x85R", ErrForeign, "a numpy.dtype as a value"},
		{"call of text", "X\x01\x00\x00\x00f)R", ErrCorrupt, "a call of a string"},
		{"call with a list", "ccollections\nOrderedDict\n]R", ErrCorrupt, "with a list"},
		{"call of int", "c__builtin__\nint\n)R", ErrCorrupt, "builtins.int"},
		{"dict of text", "ccollections\nOrderedDict\nX\x01\x00\x00\x00f\x85R", ErrCorrupt, "a call with 1 arguments (a string)"},
		{"dict of no pairs", "ccollections\nOrderedDict\n]Na\x85R", ErrCorrupt, "want a pair"},
		{"state of a list", "]}b", ErrUnsupported, "a list with a dict for a state"},
		{"state of an attribute", "}Nb", ErrUnsupported, "a dict with None for a state"},
		{"default of text", "ccollections\ndefaultdict\nX\x01\x00\x00\x00f\x85R", ErrCorrupt, "a class of the allow-list"},
		{"set of text", "c__builtin__\nset\nX\x01\x00\x00\x00f\x85R", ErrCorrupt, "a list"},
		{"size of text", "ctorch\nSize\nX\x01\x00\x00\x00f\x85R", ErrCorrupt, "a tuple"},
		{"device of numbers", "ctorch\ndevice\nK\x01\x85R", ErrCorrupt, "a device"},
		{"encode to utf-16", "c_codecs\nencode\nX\x01\x00\x00\x00fX\x05\x00\x00\x00utf16\x86R", ErrCorrupt, "latin1"},
		{"encode beyond latin1", "c_codecs\nencode\nX\x03\x00\x00\x00\xe2\x98\x83X\x06\x00\x00\x00latin1\x86R", ErrCorrupt, "as latin1"},
		{"numpy text", "cnumpy\ndtype\nX\x02\x00\x00\x00U8\x85R", ErrUnsupported, `"U8"`},
		{"numpy objects", "cnumpy\ndtype\nX\x02\x00\x00\x00O8\x85R", ErrUnsupported, `"O8"`},
		{"numpy scalar too short", "cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nX\x02\x00\x00\x00f8\x85RU\x03abc\x86R", ErrCorrupt, "3 bytes for a numpy scalar, want 8"},
		{"numpy order", "cnumpy\ndtype\nX\x02\x00\x00\x00f8\x85R(K\x03X\x01\x00\x00\x00>tb", ErrUnsupported, "byte order"},
		{"id of text", "X\x01\x00\x00\x000Q", ErrCorrupt, "a string as a persistent id"},
		{"id of another sort", strings.Replace(storage, "storage", "modular", 1), ErrCorrupt, "a storage's class"},
		{"id of a short tuple", "K\x01K\x02\x86Q", ErrCorrupt, "want a tuple of 5"},
		{"id without dtype", strings.Replace(storage, "ctorch\nFloat", "ctorch.storage\n_Typed", 1), ErrUnsupported, "does not say"},
		{"complex storage", strings.Replace(storage, "Float", "ComplexFloat", 1), ErrUnsupported, "torch.ComplexFloatStorage"},
		{"storage that is not there", strings.Replace(storage, "\x000X", "\x001X", 1), ErrCorrupt, `no zip entry "x/data/1"`},
		{"storage longer than its entry", strings.Replace(storage, "K\x04", "K\x05", 1), ErrCorrupt, "16 bytes, want 20"},
		{"storage of 100 GB", strings.Replace(storage, "K\x04", "\x8a\x05\x00\x14\xb7\x61\x05", 1), ErrCorrupt, "the file has"},
		{"storage that overflows", strings.Replace(storage, "K\x04", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", 1), ErrCorrupt, "the file has"},
		{"storage of -1", strings.Replace(storage, "K\x04", "J\xff\xff\xff\xff", 1), ErrCorrupt, "a storage's class"},
		{"storage with two types", "](" + storage + strings.Replace(storage, "Float", "Int", 1) + "e", ErrCorrupt, "elsewhere 4 of int32"},
		{"tensor of no storage", rebuild + "(NK\x00K\x04\x85K\x01\x85\x89}tR", ErrCorrupt, "a call with 6 arguments (None, an int"},
		{"tensor with too few arguments", rebuild + "(" + storage + "K\x00tR", ErrCorrupt, "a call with 2 arguments"},
		{"tensor behind the end", view("K\x01K\x04\x85K\x01\x85"), ErrCorrupt, "element 4 of storage"},
		{"tensor before the start", view("J\xff\xff\xff\xffK\x04\x85K\x01\x85"), ErrCorrupt, "offset -1"},
		{"negative axis", view("K\x00J\xff\xff\xff\xff\x85K\x01\x85"), ErrCorrupt, "shape [-1]"},
		{"negative stride", view("K\x03K\x04\x85J\xff\xff\xff\xff\x85"), ErrCorrupt, "strides [-1]"},
		{"strides for fewer axes", view("K\x00K\x02K\x02\x86K\x01\x85"), ErrCorrupt, "shape [2 2] and strides [1]"},
		{"many axes", view("K\x00(" + strings.Repeat("K\x01", 40) + "t(" + strings.Repeat("K\x01", 40) + "t"), ErrTooLarge, "axes"},
		{"long axis", view("K\x00\x8a\x05\x00\x00\x00\x00\x01\x85K\x00\x85"), ErrTooLarge, "axis 0"},
		{"shape that overflows", view("K\x00(" + strings.Repeat("J\xff\xff\xff\x7f", 4) + "t(K\x00K\x00K\x00K\x00t"), ErrCorrupt, "overflows"},
		{"shape of text", view("K\x00X\x01\x00\x00\x004\x85K\x01\x85"), ErrCorrupt, "a call with 6"},
		{"100 GB by stride 0", view("K\x00\x8a\x05\x00\xe8\x76\x48\x17\x85K\x00\x85"), ErrTooLarge, "axis 0"},
		{"8 GB by stride 0", view("K\x00J\xff\xff\xff\x7f\x85K\x00\x85"), ErrTooLarge, "show a storage many times"},
		{"negated elements", rebuild + "(" + storage + "K\x00K\x04\x85K\x01\x85\x89}}X\x03\x00\x00\x00neg\x88stR", ErrUnsupported, "clone()"},
		{"parameter of nothing", "ctorch._utils\n_rebuild_parameter\n(N\x88}tR", ErrCorrupt, "a tensor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantRefused(t, withPickle(t, c.body), c.want, c.text)
		})
	}
}

// manyKeys are n entries of a dict.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "K%cN", i)
	}
	return b.String()
}

// deepBySharing lists first the innermost list, then the one around it, ...
func deepBySharing(n int) string {
	var b strings.Builder
	b.WriteString("](]q\x00")
	for i := range n {
		fmt.Fprintf(&b, "]h%caq%c", i, i+1)
	}
	return b.String() + "e"
}

// wantRefused fails unless every way to read b gives the error, in one short
// line.
func wantRefused(t *testing.T, b []byte, want error, text string) {
	t.Helper()
	f, err := Parse(b)
	if !errors.Is(err, want) || !strings.Contains(fmt.Sprint(err), text) || f != nil {
		t.Errorf("%v, want %q: %v", err, text, want)
	}
	if s := fmt.Sprint(err); len(s) > 600 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
		t.Errorf("the error %q is long or steers the terminal", err)
	}
}

func TestFilesThatTorchMayWriteAreRefusedByName(t *testing.T) {
	for name, c := range map[string]struct {
		want error
		text string
	}{
		"odd_module":           {ErrForeign, `one object of class "__main__.Whole"`},
		"odd_module_legacy":    {ErrForeign, `one object of class "__main__.Whole"`},
		"odd_parallel":         {ErrForeign, `"torch.nn.parallel.data_parallel.DataParallel"`},
		"odd_foreign":          {ErrForeign, `"pathlib.PurePosixPath"`},
		"odd_foreign_legacy":   {ErrForeign, `"pathlib.PurePosixPath"`},
		"odd_evil":             {ErrForeign, `"posix.system"`},
		"odd_evil_legacy":      {ErrForeign, `"posix.system"`},
		"odd_loop":             {ErrCorrupt, "holds itself"},
		"odd_loop_legacy":      {ErrCorrupt, "holds itself"},
		"odd_deep":             {ErrTooLarge, "deeper than 64"},
		"odd_deep_legacy":      {ErrTooLarge, "deeper than 64"},
		"odd_function":         {ErrForeign, "collections.OrderedDict as a value"},
		"odd_function_legacy":  {ErrForeign, "collections.OrderedDict as a value"},
		"odd_complex":          {ErrUnsupported, "torch.ComplexFloatStorage"},
		"odd_complex_legacy":   {ErrUnsupported, "torch.ComplexFloatStorage"},
		"odd_sparse":           {ErrForeign, "torch._utils._rebuild_sparse_tensor"},
		"odd_sparse_legacy":    {ErrForeign, "torch._utils._rebuild_sparse_tensor"},
		"odd_quantized":        {ErrForeign, "torch._utils._rebuild_qtensor"},
		"odd_quantized_legacy": {ErrForeign, "torch._utils._rebuild_qtensor"},
		"odd_array":            {ErrForeign, "numpy.core.multiarray._reconstruct"},
		"odd_array_legacy":     {ErrForeign, "numpy.core.multiarray._reconstruct"},
		"odd_deflated":         {ErrUnsupported, "is compressed"},
		"protocol1":            {ErrUnsupported, "protocol 0 or 1"},
		"protocol1_legacy":     {ErrCorrupt, `begins with "L119547037146038"`},
	} {
		t.Run(name, func(t *testing.T) { wantRefused(t, load(t, name), c.want, c.text) })
	}
}

func TestOtherFilesAreRefusedByName(t *testing.T) {
	plain := string(load(t, "plain"))
	for name, c := range map[string]struct {
		b    string
		want error
		text string
	}{
		"empty":           {"", ErrCorrupt, `begins with ""`},
		"png":             {"\x89PNG\r\n\x1a\n and more", ErrUnsupported, "picture"},
		"lfs pointer":     {"version https://git-lfs.github.com/spec/v1\noid", ErrUnsupported, "git lfs pull"},
		"gzip":            {"\x1f\x8b\x08 and more", ErrUnsupported, "gzip"},
		"web page":        {"<!DOCTYPE html><html>", ErrUnsupported, "web page"},
		"tar":             {strings.Repeat("\x00", 257) + "ustar  \x00", ErrUnsupported, "tar archive"},
		"other pickle":    {"\x80\x04\x95" + strings.Repeat("\x00", 60), ErrUnsupported, "not one of torch.save"},
		"other zip":       {string(stored(t, "a.png", "b")), ErrUnsupported, "without DIRECTORY/data.pkl"},
		"no directory":    {string(stored(t, "data.pkl", "b")), ErrUnsupported, "without DIRECTORY/data.pkl"},
		"two checkpoints": {string(stored(t, "a/data.pkl", "b", "c/data.pkl", "b")), ErrUnsupported, "2 checkpoints"},
		"torchscript":     {string(stored(t, "a/data.pkl", "b", "a/code/x.py", "b", "a/constants.pkl", "b")), ErrUnsupported, "TorchScript"},
		"empty zip":       {"PK\x05\x06" + strings.Repeat("\x00", 18), ErrCorrupt, "begins with"},
		"byte order":      {string(stored(t, "a/data.pkl", "b", "a/byteorder", "middle")), ErrCorrupt, `"middle"`},
		"long byte order": {string(stored(t, "a/data.pkl", "b", "a/byteorder", strings.Repeat("little", 9))), ErrCorrupt, "54 bytes"},
		"bytes after":     {plain + "x", ErrCorrupt, "no zip directory"},
		"bytes before":    {plain[:64] + plain, ErrCorrupt, "zip64 directory end"},
	} {
		t.Run(name, func(t *testing.T) { wantRefused(t, []byte(c.b), c.want, c.text) })
	}
}

func TestHostileLegacyFiles(t *testing.T) {
	const key, numbers = "\x80\x02]X\x01\x00\x00\x000a.", "0123456789abcdef"
	const four = "\x04\x00\x00\x00\x00\x00\x00\x00"
	legacyStorage := strings.Replace(storage, "K\x04t", "K\x04Nt", 1)
	object := "\x80\x02" + strings.Replace(view("K\x00K\x04\x85K\x01\x85"), storage, legacyStorage, 1) + "."
	good := object + key + four + numbers
	f := mustParse(t, legacyFile(good))
	if b, err := f.Root.(*Tensor).Bytes(); err != nil || string(b) != numbers {
		t.Fatalf("the good file holds %q (%v)", b, err)
	}
	replaced := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for name, c := range map[string]struct {
		b    []byte
		want error
		text string
	}{
		"version":               {[]byte(strings.Replace(string(legacyFile(good)), "M\xe9\x03", "M\xea\x03", 1)), ErrCorrupt, "version 1002, want 1001"},
		"version of text":       {[]byte(strings.Replace(string(legacyFile(good)), "M\xe9\x03", "N", 1)), ErrCorrupt, "version (None)"},
		"big-endian":            {[]byte(strings.Replace(string(legacyFile(good)), "\x88s.", "\x89s.", 1)), ErrUnsupported, "big-endian"},
		"no system":             {[]byte(strings.Replace(string(legacyFile(good)), "little", "middle", 1)), ErrUnsupported, "big-endian"},
		"no dict of the system": {[]byte("\x80\x02" + legacyMagic + "\x80\x02M\xe9\x03.\x80\x02N."), ErrCorrupt, "None in place of the writer's system"},
		"end of the system":     {legacyFile("")[:30], ErrCorrupt, "only 1 are left"},
		"storage in the system": {[]byte(strings.Replace(string(legacyFile(good)), "\x88s.", legacyStorage+"s.", 1)), ErrCorrupt, "before those of the checkpoint"},
		"storage in the keys":   {legacyFile(replaced("X\x01\x00\x00\x000a.", legacyStorage+"a.")), ErrCorrupt, "before those of the checkpoint"},
		"view":                  {legacyFile(replaced("K\x04Nt", "K\x04(K\x00K\x00K\x00tt")), ErrUnsupported, "a view of another"},
		"keys of no list":       {legacyFile(replaced(key, "\x80\x02N.")), ErrCorrupt, "None in place of"},
		"no keys":               {legacyFile(replaced(key, "\x80\x02].")), ErrCorrupt, "0 storages follow the pickles, they name 1"},
		"other key":             {legacyFile(object + "\x80\x02]X\x01\x00\x00\x001a." + four + numbers), ErrCorrupt, `storage "1" follows`},
		"key of a number":       {legacyFile(replaced("X\x01\x00\x00\x000a.", "K\x00a.")), ErrCorrupt, "want each that they name once"},
		"key twice":             {legacyFile(replaced(key, "\x80\x02](X\x01\x00\x00\x000X\x01\x00\x00\x000e.")), ErrCorrupt, "2 storages follow"},
		"fewer elements":        {legacyFile(replaced(four, "\x03\x00\x00\x00\x00\x00\x00\x00")), ErrCorrupt, "has 3 elements, want 4"},
		"2^63 elements":         {legacyFile(replaced(four, "\xff\xff\xff\xff\xff\xff\xff\xff")), ErrCorrupt, "has 18446744073709551615 elements"},
		"bytes after":           {append(legacyFile(good), 0), ErrCorrupt, "1 bytes after the last storage"},
	} {
		t.Run(name, func(t *testing.T) { wantRefused(t, c.b, c.want, c.text) })
	}
	// A shape that a flipped bit shrank, and a stride that one flattened.
	for text, args := range map[string]string{
		"belong to no tensor": "K\x00K\x03\x85K\x01\x85",
		"skips or repeats":    "K\x00K\x04\x85K\x00\x85",
	} {
		f := mustParse(t, legacyFile(strings.Replace(good, "K\x00K\x04\x85K\x01\x85", args, 1)))
		if _, err := f.Tensors[0].Float32s(); !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), text) {
			t.Errorf("%v, want %q", err, text)
		}
	}
}

func readHeaderAt(r io.ReaderAt, size int64) error {
	_, err := ReadHeader(r, size)
	return err
}

func TestReadErrorsAreNotTakenForDamage(t *testing.T) {
	for _, name := range []string{"plain", "plain_legacy"} {
		good := load(t, name)
		hostile.CheckBroken(t, good, []int{0, 100, len(good) - 1}, readHeaderAt)
	}
}
