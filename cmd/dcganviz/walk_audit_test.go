package main

import (
	"encoding/json"
	"image"
	"os"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/probe/audit"
)

// fullAudit audits each part of a walk, once for all tests.
var fullAudit = []string{"walk", "--steps", "25", "--audit", "full", "--frames", "always", "--verbose"}

// TestWalkIsAudited runs the command on the embedded model: its numbers, its
// frames, and nothing else of the sheet differs from that without an audit.
func TestWalkIsAudited(t *testing.T) {
	t.Chdir(t.TempDir())
	p, r := once(t, fullAudit...)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 7 || lines[6] != "gallery/facades-walk.png" || !strings.HasPrefix(lines[0], "Smooth: no sudden jumps. The largest change is ") ||
		!strings.HasPrefix(lines[1], "Of 24 steps the sharpest goes from tile ") || !strings.Contains(lines[2], "sets off the alarm. A smooth walk does not prove") || !strings.HasPrefix(lines[3], "Each step was cut into 33 parts") {
		t.Errorf("summary\n%s", r.stdout)
	}
	var a figure.WalkResult
	if err := json.Unmarshal(read(t, p.join("gallery/facades-walk.json")), &a); err != nil {
		t.Fatal(err)
	}
	if a.Audit == nil || len(a.Audit.Spaces) != 2 || a.Audit.Threshold != audit.Sharp || a.Images != 25 || a.Parameters.Steps != 25 {
		t.Fatalf("answer %+v", a)
	}
	for _, s := range a.Audit.Spaces {
		if s.Walk.Sharp || !s.Memoriser.Sharp || len(s.Walk.Steps) != 24 || len(s.Walk.Parts) != 792 || len(s.Walk.Segments) != 8 {
			t.Errorf("%s: %d steps, %d parts, %d segments; walk flagged %v, memoriser %v", s.Name, len(s.Walk.Steps), len(s.Walk.Parts), len(s.Walk.Segments), s.Walk.Sharp, s.Memoriser.Sharp)
		}
	}
	framed, _ := decoded(t, p.join("gallery/facades-walk.png"))
	_, recipe := decoded(t, p.join("gallery/facades-walk-audit.png"))
	if want := `"args":["--mode=lerp","--anchors=9","--steps=25","--loop=open","--seed=1","--first=0"]}`; !strings.HasSuffix(recipe, want) {
		t.Errorf("recipe of the audit %s, want %s", recipe, want)
	}
	if line := must(t, "recipe", p.join("gallery/facades-walk-audit.png")).stdout; !strings.Contains(line, "--first=0 --audit=full --frames=always\n") {
		t.Errorf("the command that draws it is %s", line)
	}
	r = must(t, "walk", "--steps", "25", "--no-audit", "--out", "plain.png")
	if strings.TrimSpace(r.stdout) != "plain.png" {
		t.Errorf("without an audit it says %q", r.stdout)
	}
	if all, err := os.ReadDir("."); err != nil || len(all) != 1 {
		t.Errorf("without an audit there are %v, want plain.png", all)
	}
	plain, _ := decoded(t, "plain.png")
	first := a.Audit.Spaces[1].Walk.Sharpest
	frames := []int{first, first + 1}
	differing := make(map[int]int)
	for y := range 320 {
		for x := range 320 {
			if framed.At(x, y) == plain.At(x, y) {
				continue
			}
			tile := y/64*5 + x/64
			differing[tile]++
			inner := image.Rect(2, 2, 62, 62)
			if !slices.Contains(frames, tile) || image.Pt(x%64, y%64).In(inner) {
				t.Fatalf("pixel %d, %d of tile %d is not as drawn; frames are on %v", x, y, tile, frames)
			}
		}
	}
	for _, tile := range frames {
		if differing[tile] < 400 {
			t.Errorf("tile %d has no frame: %d pixels differ", tile, differing[tile])
		}
	}
}

// TestQuickAuditSaysWhatItDid: it is the default, draws no second picture, and finds what
// a full one finds.
func TestQuickAuditSaysWhatItDid(t *testing.T) {
	t.Chdir(t.TempDir())
	var quick, full figure.WalkResult
	r := must(t, "walk", "--steps", "25", "--json")
	if err := json.Unmarshal([]byte(r.stdout), &quick); err != nil {
		t.Fatal(err)
	}
	p, _ := once(t, fullAudit...)
	if err := json.Unmarshal(read(t, p.join("gallery/facades-walk.json")), &full); err != nil {
		t.Fatal(err)
	}
	a := quick.Audit
	if a == nil || quick.Parameters.Audit != "quick" || a.Refine != 33 || a.Sampled != 48 || !(a.Drawn > 25 && a.Drawn < 25+200) {
		t.Fatalf("parameters %+v, audit %+v", quick.Parameters, a)
	}
	for k, s := range a.Spaces {
		all := full.Audit.Spaces[k]
		if s.Walk.Sharp != all.Walk.Sharp || s.Memoriser.Sharp != all.Memoriser.Sharp || s.Walk.Largest > all.Walk.Largest*(1+1e-6) && s.Name == "pixels" {
			t.Errorf("%s: walk flagged %v and memoriser %v, largest %v; in full %v, %v, %v", s.Name, s.Walk.Sharp, s.Memoriser.Sharp, s.Walk.Largest, all.Walk.Sharp, all.Memoriser.Sharp, all.Walk.Largest)
		}
	}
	if files, err := os.ReadDir("gallery"); err != nil || len(files) != 2 {
		t.Errorf("gallery holds %v, want walk.png and walk.json", files)
	}
	refusal{"both", []string{"walk", "--no-audit", "--audit", "full", "--frames", "always", "--verbose"}, exitUsage, []string{"--audit would do nothing"}}.check(t)
}

// TestWalkWithoutD is audited in pixels, and says so.
func TestWalkWithoutD(t *testing.T) {
	t.Chdir(t.TempDir())
	r := must(t, "walk", "facades-epoch1", "--steps", "4", "--strip", "--loop", "closed", "--audit", "full", "--json", "--threads", "1")
	var a figure.WalkResult
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if a.Audit == nil || len(a.Audit.Spaces) != 1 || a.Audit.Steps != 4 || len(a.Audit.Spaces[0].Walk.Segments) != 9 || !strings.Contains(r.stderr, "holds no D") || !strings.Contains(r.stderr, "--disc") {
		t.Errorf("audit %+v\n%s", a.Audit, r.stderr)
	}
	if got := string(read(t, "gallery/facades-epoch1-walk-strip.json")); got != strings.Replace(r.stdout, `"gallery/facades-epoch1-walk-strip.png"`, `"facades-epoch1-walk-strip.png"`, 1) {
		t.Error("the file holds something else than --json prints, but for the folder")
	}
}

// TestWalkOfOneBatch has nothing between its tiles.
func TestWalkOfOneBatch(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "walk", run, "--bn", "batch", "--steps", "9", "--npy", "x.npy")
	must(t, "walk", run, "--bn", "batch", "--steps", "9", "--npy", "y.npy", "--no-audit")
	same(t, "tiles", drawnNPY(t, "x.npy"), drawnNPY(t, "y.npy"))
	var a figure.WalkResult
	if err := json.Unmarshal(read(t, "gallery/run-walk.json"), &a); err != nil {
		t.Fatal(err)
	}
	if a.Audit.Refine != 1 || len(a.Audit.Spaces[0].Walk.Parts) != 8 {
		t.Errorf("%d parts a step, %d in all, want 1 and 8", a.Audit.Refine, len(a.Audit.Spaces[0].Walk.Parts))
	}
}
