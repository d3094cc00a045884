package figure

import "testing"

func TestGroupsAreTheCommonest(t *testing.T) {
	m := &material{}
	var classes []string
	for i := range mostClasses + 2 {
		for range 3 + i%2 {
			classes = append(classes, string(rune('a'+i)))
		}
	}
	m.label(append(classes, "z", "y"))
	groups, names := m.groups()
	if len(names) != mostClasses || names[0] != "a" || groups[len(groups)-1] != -1 || groups[0] != 0 {
		t.Errorf("groups %v of %q", groups, names)
	}
	seen := make(map[int]string)
	for i, g := range groups {
		name := m.classes[m.labels[i]]
		if g >= 0 && (names[g] != name || seen[g] != "" && seen[g] != name) {
			t.Errorf("point %d of %q is in group %q", i, name, names[g])
		}
		if g >= 0 {
			seen[g] = name
		}
	}
}
