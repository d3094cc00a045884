package fileio

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestLockIsForOne(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "lock")
	// What a kill leaves is free.
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		unlock, err := Lock(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Lock(path); !errors.Is(err, ErrLocked) {
			t.Errorf("a second lock: %v, want ErrLocked", err)
		}
		unlock()
		wantDir(t, dir)
	}
	if _, err := Lock(filepath.Join(dir, "none", "lock")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("in no folder: %v, want ErrNotWritable", err)
	}
}

// TestLockRace: of many that take and give back a lock, which removes its file,
// never two hold it.
func TestLockRace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var held, taken atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 200 {
				unlock, err := Lock(path)
				if errors.Is(err, ErrLocked) {
					continue
				} else if err != nil {
					t.Error(err)
					return
				}
				if n := held.Add(1); n != 1 {
					t.Errorf("%d hold the lock", n)
				}
				taken.Add(1)
				held.Add(-1)
				unlock()
			}
		})
	}
	wait.Wait()
	if taken.Load() == 0 {
		t.Error("nobody ever got the lock")
	}
}
