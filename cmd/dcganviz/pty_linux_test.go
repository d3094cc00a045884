package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"dcganviz/model/train"
)

// terminal opens a terminal of 80 columns for a program to write to. Closing screen
// closes it. It holds a few thousand bytes that nobody reads.
func terminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	}
	if err == nil {
		tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	return screen, tty
}

// TestClosedTerminalSaves closes the terminal under a run with its bar.
func TestClosedTerminalSaves(t *testing.T) {
	screen, tty := terminal(t)
	folder := filepath.Join(t.TempDir(), "run")
	p := newProcess(t, trainArgs(folder, "--steps", "100000", "--sample-every", "1")...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = tty, tty, tty
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	p.start(t)
	tty.Close()
	waitFor(t, sheetOf(folder, 3))
	screen.Close()
	if code := p.wait(t); code != exitInterrupted {
		t.Errorf("exit code %d, want %d: %v", code, exitInterrupted, p.cmd.ProcessState)
	}
	if run, err := train.ReadRun(folder); err != nil || run.Step < 3 {
		t.Errorf("saved at step %d, %v, want at least 3", run.Step, err)
	}
}
