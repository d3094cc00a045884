package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model/zoo"
)

func skipWithoutZoo(t *testing.T) {
	t.Helper()
	if !slices.Contains(zoo.Names(), zoo.Default) {
		t.Skip("no model is embedded in this build")
	}
}

// verdicts runs doctor --json and returns the verdict of each check.
func verdicts(t *testing.T, args ...string) (all map[string]string, image string) {
	t.Helper()
	r := must(t, append([]string{"doctor", "--json"}, args...)...)
	var answer struct {
		Image    string
		Verdict  string
		Findings []struct {
			Check, Verdict, Evidence string
			Figures                  []struct {
				Name  string
				Value float64
			}
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatal(err)
	}
	all = map[string]string{"": answer.Verdict}
	for _, f := range answer.Findings {
		all[f.Check] = f.Verdict
		if f.Evidence == "" {
			t.Errorf("%s has no evidence", f.Check)
		}
	}
	return all, answer.Image
}

// healthy examines the default model, once for all tests.
var healthy = []string{"doctor", "--strict", "--verbose"}

func TestDoctorOfHealthyModel(t *testing.T) {
	skipWithoutZoo(t)
	p, r := once(t, healthy...)
	sheet := filepath.Join(galleryDir, "facades-doctor.png")
	if !strings.HasPrefix(r.stdout, "facades: nothing wrong was found.\n") || !strings.HasSuffix(r.stdout, "\n"+sheet+"\n") {
		t.Errorf("stdout is\n%s", r.stdout)
	}
	for _, check := range []string{"file", "finite", "kernels", "latents", "batchnorm", "range", "units", "samples", "pair"} {
		if !strings.Contains(r.stdout, "\n  "+check+" ") {
			t.Errorf("no line of %s in\n%s", check, r.stdout)
		}
	}
	img, recipe := decoded(t, p.join(sheet))
	if b := img.Bounds(); b.Dx() < 10*64 || b.Dy() < 4*64 {
		t.Errorf("the sheet has %v, want 4 rows of 10 tiles of 64", b)
	}
	var written struct {
		Image    string
		Shown    []string
		Layout   *figure.Layout
		Findings []struct{ Check string }
	}
	if err := json.Unmarshal(read(t, p.join(filepath.Join(galleryDir, "facades-doctor.json"))), &written); err != nil {
		t.Fatal(err)
	}
	if written.Image != filepath.Base(sheet) || written.Layout == nil || written.Layout.Tiles[0].Count != 10*len(written.Shown) || len(written.Shown) != 4 || len(written.Findings) < 9 {
		t.Errorf("beside the sheet is written %+v", written)
	}
	if !strings.Contains(recipe, `"command":"doctor"`) || !strings.Contains(recipe, `"model":"facades"`) {
		t.Errorf("recipe %s", recipe)
	}
}

// TestDoctorFindsWrongLaw also sees that a fault that was found is no failure,
// but with --strict, and that the sheet is there either way.
func TestDoctorFindsWrongLaw(t *testing.T) {
	skipWithoutZoo(t)
	t.Chdir(t.TempDir())
	found, image := verdicts(t, "--law", "uniform", "-n", "3", "--out", "a.png")
	if found["latents"] != "wrong" || found[""] != "wrong" || found["kernels"] != "ok" || image != "a.png" {
		t.Errorf("%v, %s", found, image)
	}
	r := call(t.Context(), "doctor", "--law", "uniform", "-n", "3", "--out", "b.png", "--strict", "--threads", "1")
	if r.code != exitFailed || !strings.Contains(r.stderr, "wrong: latents") || !strings.Contains(r.stdout, "-> draw latents by the normal law (--law normal)") {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if !bytes.Equal(read(t, "a.png"), read(t, "b.png")) {
		t.Error("the sheet depends on the number of threads")
	}
}

func TestDoctorFindsFlippedKernels(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_PUBLISHED")
	if dir == "" {
		t.Skip("DCGANVIZ_PUBLISHED names no folder with published nets")
	}
	path := filepath.Join(dir, "newmu_svhn_dcgan")
	t.Chdir(t.TempDir())
	if found, _ := verdicts(t, path); found["kernels"] != "ok" || found[""] == "wrong" {
		t.Errorf("the authors' net: %v", found)
	}
	r := must(t, "doctor", path, "--unflipped")
	if !strings.Contains(r.stdout, "kernels are flipped") {
		t.Errorf("unflipped:\n%s", r.stdout)
	}
}

func TestDoctorOfDAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	found, image := verdicts(t, foreignFile("digits_d.pth"), "--family", "digits")
	if found["kernels"] != "not applicable" || found["finite"] != "ok" || image != "" {
		t.Errorf("%v, %q", found, image)
	}
	if files, err := os.ReadDir("."); err != nil || len(files) != 0 {
		t.Errorf("%v, %v, want no file", files, err)
	}
}

func TestDoctorRefuses(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "mine.png"), []byte("mine"))
	run := trainedRun(t)
	photoFolder, err := filepath.Abs(photos)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []refusal{
		{"no images", []string{"-n", "0"}, exitUsage, []string{"-n is 0, want 1 to 16"}},
		{"many images", []string{"-n", "17"}, exitUsage, []string{"-n is 17"}},
		{"scale", []string{"--scale", "-1"}, exitUsage, []string{"--scale"}},
		{"threads", []string{"--threads", "-1"}, exitUsage, []string{"--threads"}},
		{"a GIF", []string{"--out", "a.gif"}, exitUsage, []string{"a.gif", ".png"}},
		{"there", []string{"--out", file}, exitOutput, []string{file}},
		{"no such model", []string{"--model", "nowhere"}, exitMissing, []string{"nowhere"}},
		{"a picture of no G", []string{"--model", foreignFile("digits_d.pth"), "--family", "digits", "--by", "family", "--out", "a.png"}, exitUnsupported, []string{"no G", "--out"}},
		{"a list of no pictures", []string{"--list", file}, exitUsage, []string{"no pictures come with", "--images"}},
		{"pictures for no G", []string{"--model", foreignFile("digits_d.pth"), "--family", "digits", "--by", "family", "--images", photoFolder}, exitUnsupported, []string{"no G"}},
	} {
		args := []string{"doctor"}
		if !slices.Contains(r.args, "--model") {
			args = append(args, run)
		}
		r.args = append(args, r.args...)
		r.check(t)
	}
	if got := string(read(t, file)); got != "mine" {
		t.Errorf("mine.png holds %q now", got)
	}
}
