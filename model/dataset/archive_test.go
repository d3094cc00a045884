package dataset

import (
	"archive/tar"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// facadeFiles returns the façade folder's files under a common folder, in an
// order that is not sorted.
func facadeFiles(t testing.TB) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(facades, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(facades, p)
		files = append(files, file{filepath.ToSlash(rel), data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(files)
	return files
}

// archives returns the same files as each kind of archive.
func archives(t testing.TB, files []file) map[string][]byte {
	t.Helper()
	return map[string][]byte{
		"set.zip": asZip(t, files), "set.tar": asTar(t, files),
		"set.tar.gz": asGzip(t, asTar(t, files)), "set.tgz": asGzip(t, asTar(t, files)),
		"no_ending": asGzip(t, asTar(t, files)),
	}
}

func TestArchivesAreTheFolder(t *testing.T) {
	want := mustOpen(t, facades, Options{Size: 32})
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	for name, data := range archives(t, facadeFiles(t)) {
		t.Run(name, func(t *testing.T) {
			tmp := t.TempDir()
			for _, limit := range []int64{0, -1} {
				s := mustOpen(t, writeFile(t, name, data), Options{Size: 32, TempDir: tmp, MemoryLimit: limit})
				if !slices.Equal(names(s), names(want)) || !slices.Equal(s.Classes(), want.Classes()) || !slices.Equal(labels(s), labels(want)) {
					t.Errorf("%q %q %v differ from the folder's", names(s), s.Classes(), labels(s))
				}
				if s.Fingerprint() != want.Fingerprint() {
					t.Errorf("fingerprint differs from the folder's")
				}
				if !bytes.Equal(load(t, s, all...), load(t, want, all...)) {
					t.Errorf("pixels differ from the folder's")
				}
			}
		})
	}
}

func TestZipInMemoryIsTheFolder(t *testing.T) {
	files := facadeFiles(t)
	want := mustOpen(t, facades, Options{Size: 32})
	s, err := OpenZip("mine", asZip(t, files), Options{Size: 32})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Fingerprint() != want.Fingerprint() || !bytes.Equal(load(t, s, 0, 5, 11), load(t, want, 0, 5, 11)) {
		t.Error("not the pictures of the folder")
	}
	for _, c := range []struct {
		archive []byte
		want    error
	}{{[]byte("PK\x03\x04"), ErrCorrupt}, {asZip(t, nil), ErrEmpty}} {
		if _, err := OpenZip("mine", c.archive, Options{}); !errors.Is(err, c.want) || !strings.Contains(err.Error(), `"mine"`) {
			t.Errorf("got %v, want %v and the name", err, c.want)
		}
	}
}

func TestSpoolIsGoneAfterClose(t *testing.T) {
	tmp := t.TempDir()
	s, err := Open(writeFile(t, "set.tar.gz", asGzip(t, asTar(t, facadeFiles(t)))), Options{TempDir: tmp})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// A set that is refused leaves nothing either.
	text := asGzip(t, asTar(t, []file{{"a.txt", []byte("x")}}))
	if _, err := Open(writeFile(t, "text.tar.gz", text), Options{TempDir: tmp}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

func TestArchiveNamesAreOnlyLabels(t *testing.T) {
	png := asPNG(t, ramp(4, 4))
	files := []file{{"../../escape/1.png", png}, {"/abs/2.png", png}, {`win\3.png`, png}}
	for name, data := range archives(t, files) {
		dir := t.TempDir()
		path := filepath.Join(dir, "inner", name)
		if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, path, Options{Size: 4, TempDir: dir})
		if want := []string{"abs/2.png", "escape/1.png", "win/3.png"}; !slices.Equal(names(s), want) {
			t.Errorf("%s: names %q, want %q", name, names(s), want)
		}
		load(t, s, 0, 1, 2)
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
			t.Errorf("%s: folder now holds %v, %v", name, left, err)
		}
	}
}

func TestLastEntryOfANameCounts(t *testing.T) {
	old, current := asPNG(t, flat(2, 2, color.Black)), asPNG(t, flat(2, 2, color.White))
	for name, data := range archives(t, []file{{"a.png", old}, {"./a.png", current}}) {
		s := mustOpen(t, writeFile(t, name, data), Options{Size: 2, Channels: 1})
		if got := load(t, s, 0); s.Len() != 1 || got[0] != 255 {
			t.Errorf("%s: %d pictures, first %v, want one white", name, s.Len(), got)
		}
	}
}

func TestTruncatedArchiveIsRefused(t *testing.T) {
	files := []file{{"a/1.png", asPNG(t, ramp(4, 4))}, {"b/2.png", asPNG(t, ramp(5, 5))}}
	whole := archives(t, files)
	for _, name := range []string{"set.zip", "set.tar", "set.tar.gz"} {
		t.Run(name, func(t *testing.T) {
			data := whole[name]
			path := writeFile(t, name, data)
			for n := len(data) - 1; n >= 0; n-- {
				if err := os.Truncate(path, int64(n)); err != nil {
					t.Fatal(err)
				}
				s, err := Open(path, Options{Size: 4, Strict: true})
				if err == nil {
					// Between two entries a tar may end without its mark, and Notes says so.
					err = s.Check(t.Context(), nil)
					s.Close()
					said := len(s.Notes()) == 1 && strings.Contains(s.Notes()[0], "no end mark")
					if name == "set.tar" && n%512 == 0 && n >= 512+len(files[0].data) && err == nil && said {
						continue
					}
					t.Fatalf("cut at %d of %d: opened with %d pictures, then %v", n, len(data), s.Len(), err)
				}
				if !errors.Is(err, ErrCorrupt) && !(n == 0 && errors.Is(err, ErrEmpty)) && !(n < 4 && errors.Is(err, ErrUnsupported)) {
					t.Fatalf("cut at %d of %d: %v, want ErrCorrupt", n, len(data), err)
				}
			}
		})
	}
}

func TestDamagedZipEntryIsABadPicture(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	data := asZip(t, []file{{"1.png", good}, {"2.png", good}, {"3.png", good}})
	at := bytes.Index(data[100:], good) + 100 // 2.png is stored
	data[at+len(good)/2] ^= 1
	s := mustOpen(t, writeFile(t, "set.zip", data), Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bad := s.Bad(); len(bad) != 1 || bad[0].Name != "2.png" || !errors.Is(bad[0].Err, ErrCorrupt) || !strings.Contains(bad[0].Err.Error(), "checksum") {
		t.Errorf("bad %v, want 2.png with a wrong checksum", bad)
	}
}

func TestZipEntryThatLiesAboutItsSizeIsBad(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	data := asZip(t, []file{{"1.png", good}, {"2.png", good}})
	// In the directory at the end, 2.png now claims to unpack to 1 GiB.
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], 1<<30)
	s := mustOpen(t, writeFile(t, "set.zip", data), Options{Size: 4, MaxBytes: 1 << 20})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bad := s.Bad(); len(bad) != 1 || !errors.Is(bad[0].Err, ErrLimit) {
		t.Errorf("bad %v, want 2.png over the limit", bad)
	}
}

func TestZipBombEntryIsReadToTheLimitOnly(t *testing.T) {
	bomb := append(asPNG(t, ramp(4, 4)), make([]byte, 1<<20)...)
	data := asZip(t, []file{{"1.png", bomb}, {"2.png", bomb}, {"3.png", asPNG(t, ramp(4, 4))}})
	// The directory denies what 1.png holds: only reading can tell.
	at := bytes.Index(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], 100)
	s := mustOpen(t, writeFile(t, "set.zip", data), Options{Size: 4, MaxBytes: 1 << 16})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bad := s.Bad(); len(bad) != 2 || bad[0].Index != 0 || bad[1].Index != 1 {
		t.Errorf("bad %v, want the two bombs", bad)
	}
}

// directory returns where the records of a zip's directory are.
func directory(data []byte) (at []int) {
	for i := range data {
		if bytes.HasPrefix(data[i:], []byte("PK\x01\x02")) {
			at = append(at, i)
		}
	}
	return at
}

// checkBad opens the zip and checks which pictures are bad.
func checkBad(t *testing.T, data []byte, want ...string) {
	t.Helper()
	s := mustOpen(t, writeFile(t, "set.zip", data), Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range s.Bad() {
		got = append(got, b.Name)
		if !errors.Is(b.Err, ErrCorrupt) {
			t.Errorf("%s: %v, want ErrCorrupt", b.Name, b.Err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("bad are %v, want %v: %v", got, want, s.Bad())
	}
}

func TestZipEntryElsewhereIsBadAlone(t *testing.T) {
	var files []file
	for i := range 6 {
		files = append(files, file{fmt.Sprintf("%d.png", i), asPNG(t, ramp(4+i, 4))})
	}
	whole := asZip(t, files)
	at := directory(whole)
	// Two bytes of the first picture are lost: its header is before the file's first byte.
	t.Run("lost", func(t *testing.T) {
		checkBad(t, append(bytes.Clone(whole[:50]), whole[52:]...), "0.png")
	})
	for name, offset := range map[string]uint32{"beyond the end": 0xfffffff0, "in the directory": uint32(at[2]), "in another": 40} {
		t.Run(name, func(t *testing.T) {
			data := bytes.Clone(whole)
			binary.LittleEndian.PutUint32(data[at[3]+42:], offset)
			checkBad(t, data, "3.png")
		})
	}
	for _, size := range []uint32{1 << 30, uint32(len(whole)) - 200} {
		t.Run(fmt.Sprint("of ", size), func(t *testing.T) {
			data := bytes.Clone(whole)
			binary.LittleEndian.PutUint32(data[at[1]+20:], size)
			checkBad(t, data, "1.png")
		})
	}
}

func TestZipEntriesThatShareBytesAreBad(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	var files []file
	for i := range 5 {
		files = append(files, file{fmt.Sprintf("%d.png", i), good})
	}
	whole := asZip(t, files)
	at := directory(whole)
	t.Run("one body", func(t *testing.T) {
		data := bytes.Clone(whole)
		for _, i := range []int{2, 3} { // stored like 1, deflated like 0
			copy(data[at[i]+42:], data[at[i-2]+42:at[i-2]+46])
		}
		checkBad(t, data, "2.png", "3.png")
	})
	t.Run("quoted", func(t *testing.T) {
		// Each is all that follows it, the headers of the others too.
		data := bytes.Clone(whole)
		for i := range 4 {
			head := binary.LittleEndian.Uint32(data[at[i]+42:])
			binary.LittleEndian.PutUint32(data[at[i]+20:], uint32(at[0])-head-30-5)
		}
		checkBad(t, data, "0.png", "1.png", "2.png", "3.png")
	})
}

func TestZipThatUnpacksToTooMuchIsRefused(t *testing.T) {
	zeros := make([]byte, 1<<16)
	data := asZip(t, []file{{"0.png", zeros}, {"1.txt", nil}, {"2.png", zeros}, {"3.txt", nil}, {"4.png", zeros}})
	if _, err := OpenZip("mine", data, Options{MaxSpool: 1 << 17}); !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "131072") {
		t.Errorf("got %v, want ErrLimit", err)
	}
}

func TestGzipBombStopsAtTheLimit(t *testing.T) {
	const limit = 1 << 16
	zeros := make([]byte, 1<<20)
	tests := map[string][]byte{
		"entry.tar.gz": asGzip(t, asTar(t, []file{{"a.png", asPNG(t, ramp(4, 4))}, {"big.bin", zeros}})),
		"tail.tar.gz":  asGzip(t, append(asTar(t, []file{{"a.png", asPNG(t, ramp(4, 4))}}), zeros...)),
		"idx.gz":       asGzip(t, append([]byte(idxImages), zeros...)),
	}
	for name, data := range tests {
		tmp := t.TempDir()
		_, err := Open(writeFile(t, name, data), Options{Size: 4, MaxSpool: limit, TempDir: tmp})
		if !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "65536") {
			t.Errorf("%s: got %v, want ErrLimit", name, err)
		}
		if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v", name, left, err)
		}
	}
}

func TestGzipChecksumIsChecked(t *testing.T) {
	data := asGzip(t, asTar(t, []file{{"a.png", asPNG(t, ramp(4, 4))}}))
	data[len(data)-6] ^= 1 // the CRC
	if _, err := Open(writeFile(t, "set.tar.gz", data), Options{Size: 4}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

func TestTarLinksAndLargeEntriesAreBadAndDevicesNothing(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	large := append(bytes.Clone(good), make([]byte, 4096)...)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []struct {
		hdr  tar.Header
		data []byte
	}{
		{tar.Header{Typeflag: tar.TypeReg, Name: "1.png"}, good},
		{tar.Header{Typeflag: tar.TypeSymlink, Name: "2.png", Linkname: "/etc/passwd"}, nil},
		{tar.Header{Typeflag: tar.TypeLink, Name: "3.png", Linkname: "1.png"}, nil},
		{tar.Header{Typeflag: tar.TypeFifo, Name: "4.png"}, nil},
		{tar.Header{Typeflag: tar.TypeReg, Name: "5.png"}, large},
		{tar.Header{Typeflag: tar.TypeDir, Name: "6.png/"}, nil},
	} {
		h.hdr.Size = int64(len(h.data))
		if err := w.WriteHeader(&h.hdr); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(h.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"set.tar": b.Bytes(), "set.tar.gz": asGzip(t, b.Bytes())} {
		s := mustOpen(t, writeFile(t, name, data), Options{Size: 4, MaxBytes: 4096})
		if err := s.Check(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if want := []string{"1.png", "2.png", "3.png", "5.png"}; !slices.Equal(names(s), want) {
			t.Errorf("%s: %q, want %q", name, names(s), want)
		}
		var bad []string
		for _, item := range s.Bad() {
			bad = append(bad, item.Name)
		}
		if want := []string{"2.png", "3.png", "5.png"}; !slices.Equal(bad, want) {
			t.Errorf("%s: bad %q, want %q", name, bad, want)
		}
	}
}

func TestLongTarNameIsRefused(t *testing.T) {
	data := asTar(t, []file{{strings.Repeat("a/", 3000) + "1.png", asPNG(t, ramp(4, 4))}})
	if _, err := Open(writeFile(t, "set.tar", data), Options{}); !errors.Is(err, ErrLimit) {
		t.Errorf("got %v, want ErrLimit", err)
	}
}

func TestZipEntryThatCannotBeReadIsBad(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	data := asZip(t, []file{{"1.png", good}, {"2.png", good}, {"3.png", good}})
	heads := directory(data)
	data[heads[0]+8] |= 1  // says encrypted
	data[heads[1]+10] = 97 // a method nobody has
	s := mustOpen(t, writeFile(t, "set.zip", data), Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	bad := s.Bad()
	if len(bad) != 2 || !errors.Is(bad[0].Err, ErrUnsupported) || !errors.Is(bad[1].Err, ErrUnsupported) ||
		!strings.Contains(bad[0].Err.Error(), "encrypted") || !strings.Contains(bad[1].Err.Error(), "method 97") {
		t.Errorf("bad %v, want 1.png encrypted and 2.png of method 97", bad)
	}
}

// TestTarOfHeadersIsRefused: compressed, they cost next to nothing.
func TestTarOfHeadersIsRefused(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	block := func(name string, size int, kind byte) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(size)}); err != nil {
			t.Fatal(err)
		}
		head := b.Bytes()[:512]
		head[156] = kind
		copy(head[148:], "        ")
		sum := 0
		for _, c := range head {
			sum += int(c)
		}
		copy(head[148:], fmt.Sprintf("%06o\x00 ", sum))
		return head
	}
	records := bytes.Repeat([]byte("6 a=b\n"), 1<<20/6)
	pax := slices.Concat(block("pax", len(records), 'x'), records, make([]byte, 512-len(records)%512))
	picture := slices.Concat(block("a.png", len(good), '0'), good, make([]byte, 512-len(good)%512))
	for name, c := range map[string]struct {
		tar []byte
		is  error
	}{
		"one":     {slices.Concat(pax, picture), nil},
		"before":  {slices.Concat(bytes.Repeat(pax, 6), picture), ErrLimit},
		"between": {bytes.Repeat(slices.Concat(pax, picture), 18), ErrLimit},
		"large":   {slices.Concat(picture, block("b.txt", 20<<20, '0'), make([]byte, 20<<20)), nil},
	} {
		s, err := Open(writeFile(t, "set.tar.gz", asGzip(t, append(c.tar, make([]byte, 1024)...))), Options{Size: 4})
		if !errors.Is(err, c.is) || err != nil && !strings.Contains(err.Error(), "header") {
			t.Errorf("%s: %v, want %v", name, err, c.is)
		}
		if err == nil {
			s.Close()
		}
	}
}

func TestSparseTarEntryIsBad(t *testing.T) {
	good := asPNG(t, ramp(4, 4))
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "1.png", Size: int64(len(good))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(good); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// An old GNU sparse header for a file that is one hole of 512 bytes; the
	// type and the sparse fields are set by hand, and the checksum after them.
	head := bytes.Clone(b.Bytes()[:512])
	copy(head, "2.png\x00")
	copy(head[124:], "00000000000\x00") // stored bytes
	head[156] = tar.TypeGNUSparse
	copy(head[257:], "ustar  \x00")
	clear(head[265:])
	copy(head[386:], "00000001000\x0000000000000\x00") // one segment: at 512, of 0 bytes
	copy(head[483:], "00000001000\x00")                // real size: 512
	copy(head[148:], "        ")
	sum := 0
	for _, c := range head {
		sum += int(c)
	}
	copy(head[148:], fmt.Sprintf("%06o\x00 ", sum))
	s := mustOpen(t, writeFile(t, "set.tar", append(head, b.Bytes()...)), Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bad := s.Bad(); s.Len() != 2 || len(bad) != 1 || bad[0].Name != "2.png" || !errors.Is(bad[0].Err, ErrUnsupported) {
		t.Errorf("%d pictures, bad %v, want the sparse 2.png of two", s.Len(), bad)
	}
}

func TestFailureToUnpackIsTheSystemsError(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for name, data := range map[string][]byte{
		"set.tar.gz": asGzip(t, asTar(t, facadeFiles(t))), "idx.gz": asGzip(t, idxFile(1, 4, 4)),
	} {
		_, err := Open(writeFile(t, name, data), Options{TempDir: none})
		if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrCorrupt) || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: got %v, want the system's error", name, err)
		}
	}
}
