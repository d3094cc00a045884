package dataset

import (
	"slices"
	"testing"
)

func TestClassify(t *testing.T) {
	tests := []struct {
		name    string
		entries []string
		classes []string
		labels  []int32
	}{
		{"flat", []string{"a.png", "b.png"}, nil, []int32{-1, -1}},
		{"one folder", []string{"x/a.png", "x/b.png"}, nil, []int32{-1, -1}},
		{"two folders", []string{"cat/a.png", "dog/b.png"}, []string{"cat", "dog"}, []int32{0, 1}},
		{"common folder goes", []string{"all/train/cat/a.png", "all/train/dog/b.png"}, []string{"cat", "dog"}, []int32{0, 1}},
		{"deeper", []string{"cat/big/a.png", "cat/tiny/b.png", "dog/c.png"}, []string{"cat/big", "cat/tiny", "dog"}, []int32{0, 1, 2}},
		{"beside folders", []string{"cat/a.png", "top.png"}, []string{".", "cat"}, []int32{1, 0}},
		{"prefix of a name is no folder", []string{"cat/a.png", "cats/b.png"}, []string{"cat", "cats"}, []int32{0, 1}},
		{"none", nil, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var entries []entry
			for _, n := range tt.entries {
				entries = append(entries, entry{name: n})
			}
			if got := classify(entries); !slices.Equal(got, tt.classes) {
				t.Errorf("classes %q, want %q", got, tt.classes)
			}
			for i, e := range entries {
				if e.class != tt.labels[i] {
					t.Errorf("%s has class %d, want %d", e.name, e.class, tt.labels[i])
				}
			}
		})
	}
}

func TestArrangeSortsAndKeepsTheLastOfAName(t *testing.T) {
	got := arrange([]entry{{name: "b", at: 1}, {name: "a", at: 2}, {name: "b", at: 3}, {name: "a", at: 4}, {name: "c", at: 5}})
	want := []entry{{name: "a", at: 4}, {name: "b", at: 3}, {name: "c", at: 5}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i].name != want[i].name || got[i].at != want[i].at {
			t.Errorf("%d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestArchiveNameIsRelativeAndClean(t *testing.T) {
	for name, want := range map[string]string{
		"a/b.png": "a/b.png", "./a/b.png": "a/b.png", "/etc/b.png": "etc/b.png", "../../b.png": "b.png",
		`c\d\b.png`: "c/d/b.png", "a//b/../c.png": "a/c.png", "": "", "..": "",
	} {
		if got := archiveName(name); got != want {
			t.Errorf("%q gives %q, want %q", name, got, want)
		}
	}
}

func TestIsPicture(t *testing.T) {
	for name, want := range map[string]bool{
		"a.png": true, "x/A.JPG": true, "n01.JPEG": true, "a.gif": true, "photo.webp": true,
		"README": false, "notes.txt": false, ".DS_Store": false, "._a.png": false, "x/._a.jpg": false,
		"__MACOSX/x/a.jpg": false, ".git/a.png": false, "png": false, "a.png.txt": false, "": false,
	} {
		if got := isPicture(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
