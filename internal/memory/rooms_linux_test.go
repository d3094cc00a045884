package memory

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// tree makes files of a system, by path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestGroups(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []int64
	}{
		"none": {nil, nil},
		"version 2, of two levels": {map[string]string{
			"list":               "0::/a/b\n",
			"a/b/memory.max":     "max\n",
			"a/b/memory.current": "7\n",
			"a/memory.max":       "1000\n",
			"a/memory.current":   "600\n",
			"a/memory.stat":      "anon 5\ninactive_file 100\n",
		}, []int64{500}},
		"version 2, of a container": {map[string]string{
			"list": "0::/\n", "memory.max": "1000\n", "memory.current": "1200\n",
		}, []int64{-200}},
		"version 1 with a path of the host": {map[string]string{
			"list":                         "3:cpu,cpuacct:/x\n5:memory:/docker/12\n1:name=systemd:/\n",
			"memory/memory.limit_in_bytes": "1000\n", "memory/memory.usage_in_bytes": "400\n",
			"memory.max": "1\n", "memory.current": "1\n", // of no group of this process
		}, []int64{600}},
		"version 1 without a limit": {map[string]string{
			"list": "5:memory:/\n", "memory/memory.limit_in_bytes": "9223372036854771712\n", "memory/memory.usage_in_bytes": "400\n",
		}, nil},
		"not to be understood": {map[string]string{"list": "\n:\n0::\n", "memory.max": "x\n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, c.files)
			var got []int64
			for _, r := range groups(filepath.Join(root, "list"), root) {
				got = append(got, r.Bytes)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestMachine(t *testing.T) {
	const info = "MemTotal: 9 kB\nMemAvailable:    2000 kB\nSwapFree: 100 kB\nCommitLimit: 900 kB\nCommitted_AS: 400 kB\n"
	for mode, want := range map[string][]int64{"0": {2100 << 10}, "2": {2100 << 10, 500 << 10}} {
		root := tree(t, map[string]string{"meminfo": info, "sys/vm/overcommit_memory": mode + "\n"})
		var got []int64
		for _, r := range machine(root) {
			got = append(got, r.Bytes)
		}
		if !slices.Equal(got, want) {
			t.Errorf("mode %s: got %d, want %d", mode, got, want)
		}
	}
}

// TestLeft: this machine has some memory, and less than a petabyte.
func TestLeft(t *testing.T) {
	if r := Left(); r.Bytes < 1<<20 || r.Bytes > 1<<50 || r.By == "" {
		t.Errorf("%+v", r)
	}
}
