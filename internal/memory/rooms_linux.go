package memory

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// spare is left of a limit of address space for what Go reserves beyond the memory that
// it uses.
const spare = 192 << 20

func rooms() []Room {
	all := append(machine("/proc"), groups("/proc/self/cgroup", "/sys/fs/cgroup")...)
	// Both limits count what is reserved, whether it is used or not.
	used := strings.Fields(read("/proc/self/statm"))
	for _, l := range []struct {
		resource, field int
		by              string
	}{{unix.RLIMIT_AS, 0, "ulimit -v"}, {unix.RLIMIT_DATA, 5, "ulimit -d"}} {
		var r unix.Rlimit
		if err := unix.Getrlimit(l.resource, &r); err != nil || r.Cur > 1<<62 || len(used) <= l.field {
			continue
		}
		pages, err := strconv.ParseInt(used[l.field], 10, 64)
		if err == nil {
			all = append(all, Room{int64(r.Cur) - pages*int64(os.Getpagesize()) - spare, l.by})
		}
	}
	return all
}

// machine returns what /proc/meminfo says: what is free or can be freed, and where the
// system promises no more memory than it has, what it may still promise.
func machine(proc string) (all []Room) {
	info := values(read(filepath.Join(proc, "meminfo")))
	available, ok := info["MemAvailable:"]
	if ok {
		all = append(all, Room{(available + info["SwapFree:"]) << 10, "the machine"})
	}
	if strings.TrimSpace(read(filepath.Join(proc, "sys/vm/overcommit_memory"))) == "2" {
		all = append(all, Room{(info["CommitLimit:"] - info["Committed_AS:"]) << 10, "vm.overcommit_memory"})
	}
	return all
}

// groups returns what the control groups of the process and those above them leave, of
// version 1 and 2. list is /proc/self/cgroup. Where a container hides the groups above
// its own, the first folder of the tree is its own.
func groups(list, root string) (all []Room) {
	for line := range strings.Lines(read(list)) {
		part := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(part) < 3 {
			continue
		}
		tree, limit, usage := root, "memory.max", "memory.current"
		if part[0] != "0" {
			if !strings.Contains(","+part[1]+",", ",memory,") {
				continue
			}
			tree, limit, usage = filepath.Join(root, "memory"), "memory.limit_in_bytes", "memory.usage_in_bytes"
		}
		for dir := filepath.Join("/", part[2]); ; dir = filepath.Dir(dir) {
			at := filepath.Join(tree, dir)
			most, err := strconv.ParseInt(strings.TrimSpace(read(filepath.Join(at, limit))), 10, 64)
			used, err2 := strconv.ParseInt(strings.TrimSpace(read(filepath.Join(at, usage))), 10, 64)
			if err == nil && err2 == nil && most < 1<<60 { // above that there is none
				// Files that are read count, but they give way.
				files := values(read(filepath.Join(at, "memory.stat")))["inactive_file"]
				all = append(all, Room{most - used + files, "the control group"})
			}
			if dir == "/" {
				break
			}
		}
	}
	return all
}

// values returns the numbers of lines that are a name and a number.
func values(text string) map[string]int64 {
	all := map[string]int64{}
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) > 1 {
			if v, err := strconv.ParseInt(f[1], 10, 64); err == nil {
				all[f[0]] = v
			}
		}
	}
	return all
}

// read returns a file of the system, empty where there is none.
func read(path string) string {
	b, _ := os.ReadFile(path)
	return string(b)
}
