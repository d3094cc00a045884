package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// unpack reads an archive: content by name, and which files can be run.
func unpack(t *testing.T, archive []byte, ending string) (content map[string]string, programs []string) {
	t.Helper()
	content = map[string]string{}
	take := func(name string, mode os.FileMode, r io.Reader) {
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		content[name] = string(b)
		if mode&0o111 != 0 {
			programs = append(programs, name)
		}
	}
	if ending == ".zip" {
		z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			take(f.Name, f.Mode(), r)
		}
		return content, programs
	}
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return content, programs
		}
		if err != nil {
			t.Fatal(err)
		}
		take(h.Name, h.FileInfo().Mode(), r)
	}
}

// TestPack: both kinds of archive hold the files, whatever their order was, in the same bytes.
func TestPack(t *testing.T) {
	files := []file{{"docs/a.md", []byte("text"), false}, {"dcganviz", []byte("code"), true}, {"LICENSE", []byte("terms"), false}}
	date := time.Unix(1e9, 0).UTC()
	for goos, ending := range map[string]string{"windows": ".zip", "linux": ".tar.gz", "darwin": ".tar.gz"} {
		archive, got, err := pack(goos, "d-1", files, date)
		if err != nil || got != ending {
			t.Fatalf("%s: %q, %v", goos, got, err)
		}
		content, programs := unpack(t, archive, ending)
		if len(content) != 3 || content["d-1/docs/a.md"] != "text" || content["d-1/LICENSE"] != "terms" || !slices.Equal(programs, []string{"d-1/dcganviz"}) {
			t.Errorf("%s: %q, programs %q", goos, content, programs)
		}
		other := []file{files[2], files[0], files[1]}
		if again, _, err := pack(goos, "d-1", other, date); err != nil || !bytes.Equal(again, archive) {
			t.Errorf("%s: another order gives other bytes (%v)", goos, err)
		}
	}
	if _, _, err := pack("linux", "d-1", append(files, files[0]), date); err == nil {
		t.Error("a file twice: no error")
	}
}

// TestDist makes the archive of this machine: it holds what a release should, and the
// program in it runs.
func TestDist(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	t.Chdir("../../..")
	t.Setenv("SOURCE_DATE_EPOCH", "1000000000")
	out := t.TempDir()
	if err := dist(t.Context(), out, []string{runtime.GOOS + "/" + runtime.GOARCH}, io.Discard); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(out, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	var sum, name string
	if _, err := fmt.Sscanf(string(sums), "%s %s", &sum, &name); err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(filepath.Join(out, name))
	if err != nil {
		t.Fatal(err)
	}
	if sum != fmt.Sprintf("%x", sha256.Sum256(archive)) {
		t.Errorf("SHA256SUMS says %s", sum)
	}
	ending := ".tar.gz"
	if strings.HasSuffix(name, ".zip") {
		ending = ".zip"
	}
	content, programs := unpack(t, archive, ending)
	top := strings.TrimSuffix(name, ending)
	for _, want := range []string{"README.md", "docs/figures.md", "LICENSE", "LICENSES.md", "man/dcganviz.1", "completion/dcganviz.bash", "completion/_dcganviz",
		"completion/dcganviz.fish", "model/zoo/models/facades.md", "model/zoo/faces/LICENSE.md", "licences/go/LICENSE", "licences/github.com/golang/freetype/licenses/ftl.txt", "licences/gonum.org/v1/plot/LICENSE"} {
		if len(content[path.Join(top, want)]) < 100 {
			t.Errorf("%s: %d bytes", want, len(content[path.Join(top, want)]))
		}
	}
	if len(programs) != 1 {
		t.Fatalf("programs %q", programs)
	}
	at := filepath.Join(t.TempDir(), "dcganviz.exe")
	if err := os.WriteFile(at, []byte(content[programs[0]]), 0o777); err != nil {
		t.Fatal(err)
	}
	if said, err := output(t.Context(), nil, at, "version"); err != nil || !strings.HasPrefix(string(said), "dcganviz ") {
		t.Errorf("version: %q, %v", said, err)
	}
}
