// Command tests runs go test, and prints the result of each package as it ends.
//
//	go run ./internal/checks/tests -timeout 30m
//
// By itself go test keeps the results back until those of all packages before are there,
// and the first package is the slowest. Its arguments are go test's; without packages it
// tests all of them. At the end stand the slowest tests.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	code, err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests:", err)
	}
	os.Exit(code)
}

// run runs go test with these arguments, and returns its exit code.
func run(args []string, stdout, stderr io.Writer) (code int, err error) {
	args = append([]string{"test", "-json"}, args...)
	if !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "./") }) {
		args = append(args, "./...")
	}
	cmd := exec.Command("go", args...)
	cmd.Stderr = stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	r := newReport(stdout)
	readErr := r.read(events)
	r.slowest(10)
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return max(exit.ExitCode(), 1), nil
	case err != nil:
		return 1, err
	case readErr != nil:
		return 1, readErr
	}
	return 0, nil
}
