package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readWebP(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "webp", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWebPIsWhatLibwebpMakesOfIt: the .ppm files are libwebp's. A lossy picture has half
// the chroma's rows and columns; libwebp smooths between them and this decoder does not:
// a pixel takes the chroma of its neighbour, and blue differs by up to 12 from one to the
// next.
func TestWebPIsWhatLibwebpMakesOfIt(t *testing.T) {
	const rounding, steps = 1, 16 // of 255
	for _, c := range []struct {
		name string
		most int
	}{{"lossless", 0}, {"turned", 0}, {"lossless-alpha", rounding}, {"lossy", steps}, {"lossy-alpha", steps}} {
		t.Run(c.name, func(t *testing.T) {
			p, err := openPicture(readWebP(t, c.name+".webp"), 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			if wantTurn := map[bool]int{true: 6, false: 1}[c.name == "turned"]; p.w != 37 || p.h != 22 || p.orient != wantTurn {
				t.Errorf("%dx%d, orientation %d, want 37x22 and %d", p.w, p.h, p.orient, wantTurn)
			}
			m, err := p.pixels()
			if err != nil {
				t.Fatal(err)
			}
			got := new(scratch).opaque(m, m.Bounds().Min, p.w, p.h)
			want := readWebP(t, c.name+".ppm")
			want = want[len(want)-37*22*3:]
			sum := 0
			for i := range 37 * 22 {
				for k := range 3 {
					diff := int(got.Pix[4*i+k]) - int(want[3*i+k])
					sum += diff
					if max(diff, -diff) > c.most {
						t.Fatalf("channel %d at (%d, %d) is %d, want %d within %d", k, i%37, i/37, got.Pix[4*i+k], want[3*i+k], c.most)
					}
				}
			}
			// Colours of the wrong range would be brighter or darker all over.
			if mean := float64(sum) / (37 * 22 * 3); !(mean > -1 && mean < 1) {
				t.Errorf("brighter by %.2f on average, want less than 1", mean)
			}
		})
	}
}

func TestWebPIsRefusedInWords(t *testing.T) {
	good := readWebP(t, "lossy.webp")
	claims := bytes.Clone(good) // a chunk of 2 GB
	binary.LittleEndian.PutUint32(claims[4:], 1<<31+12)
	binary.LittleEndian.PutUint32(claims[16:], 1<<31-1)
	for _, c := range []struct {
		name, text string
		b          []byte
		kind       error
	}{
		{"animated", "animated webp, want a still one", readWebP(t, "animated.webp"), ErrUnsupported},
		{"cut", "webp", good[:len(good)/2], ErrCorrupt},
		{"chunk beyond the file", "cut short", claims, ErrCorrupt},
		{"sound", "webp header", []byte("RIFF\x04\x00\x00\x00WAVE"), ErrCorrupt},
		{"header alone", "webp header", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), ErrCorrupt},
	} {
		if _, err := decodeOne(c.b, 8, 3, 1<<20); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.kind, c.text)
		}
	}
	if _, err := openPicture(good, 37*22-1); !errors.Is(err, ErrLimit) {
		t.Errorf("one pixel over the limit: %v, want ErrLimit", err)
	}
}

func TestWebPCutAnywhereIsBadAndNeverPanics(t *testing.T) {
	for _, name := range []string{"lossy", "lossless", "lossy-alpha", "lossless-alpha"} {
		good := readWebP(t, name+".webp")
		for n := range len(good) - 1 { // the last byte may be one that fills up
			if _, err := decodeOne(good[:n], 8, 3, 1<<20); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s cut at %d of %d: %v, want ErrCorrupt", name, n, len(good), err)
			}
		}
	}
}

// TestPhonesPicturesAreNamed: what a phone writes gets advice, not "not a picture".
func TestPhonesPicturesAreNamed(t *testing.T) {
	for brand, want := range map[string][]string{
		"heic": {"heic picture", "Most Compatible", "heif-convert"},
		"mif1": {"heic picture"},
		"avif": {"avif picture", "heif-convert"},
	} {
		_, err := openPicture([]byte("\x00\x00\x00\x18ftyp"+brand+"\x00\x00\x00\x00"), 1<<20)
		if !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v, want ErrUnsupported", brand, err)
			continue
		}
		for _, text := range want {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %v, want %q", brand, err, text)
			}
		}
	}
	if _, err := openPicture([]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), 1<<20); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a film: %v, want ErrCorrupt", err)
	}
}
