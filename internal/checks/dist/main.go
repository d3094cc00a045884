// Command dist makes what a release consists of: for each platform an archive with the
// program, its manual page, completion for bash, zsh and fish, README and docs, and the
// licences of all that is linked in; and SHA256SUMS.
//
//	go run ./internal/checks/dist -out bin/dist linux/amd64 windows/arm64
//
// It runs in the top folder of the repository. Archives of the same commit, made by the
// same Go, have the same bytes on every machine: files are in the order of their names
// and bear the commit's date, or that of SOURCE_DATE_EPOCH.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"dcganviz/gallery/figure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "bin/dist", "`folder` for the archives")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 {
		fmt.Fprintln(stderr, "dist: want platforms, such as linux/amd64")
		return 2
	}
	if err := dist(ctx, *out, flags.Args(), stdout); err != nil {
		fmt.Fprintln(stderr, "dist:", err)
		return 1
	}
	return 0
}

// dist makes the archives of the platforms in a folder.
func dist(ctx context.Context, out string, platforms []string, stdout io.Writer) error {
	date, err := commitDate(ctx)
	if err != nil {
		return err
	}
	common, err := commonFiles(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	var sums strings.Builder
	for _, platform := range platforms {
		goos, goarch, ok := strings.Cut(platform, "/")
		if !ok {
			return fmt.Errorf("platform %q, want one such as linux/amd64", platform)
		}
		name := fmt.Sprintf("dcganviz-%s-%s-%s", figure.Version, goos, goarch)
		files, err := platformFiles(ctx, goos, goarch)
		if err != nil {
			return err
		}
		archive, ending, err := pack(goos, name, append(files, common...), date)
		if err != nil {
			return err
		}
		file := name + ending
		if err := os.WriteFile(filepath.Join(out, file), archive, 0o666); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive), file)
		fmt.Fprintf(stdout, "%s: %.1f MB\n", filepath.Join(out, file), float64(len(archive))/1e6)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o666)
}

// commitDate is when the commit was made, or what SOURCE_DATE_EPOCH says.
func commitDate(ctx context.Context) (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		b, err := output(ctx, nil, "git", "log", "-1", "--format=%ct")
		if err != nil {
			return time.Time{}, err
		}
		text = strings.TrimSpace(string(b))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("the date of the commit is %q, want seconds", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
