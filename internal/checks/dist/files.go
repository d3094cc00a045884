package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A file of an archive. Its name has slashes.
type file struct {
	name    string
	content []byte
	program bool // can be run
}

const command = "./cmd/dcganviz"

// output runs a command and returns what it printed.
func output(ctx context.Context, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	b, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(exit.Stderr))
	}
	return b, err
}

// build compiles the program.
func build(ctx context.Context, goos, goarch string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "dcganviz-dist-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	at := filepath.Join(dir, "program")
	env := []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch}
	if _, err := output(ctx, env, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", at, command); err != nil {
		return nil, err
	}
	return os.ReadFile(at)
}

// platformFiles are the program, and the licences of what is linked into it there.
func platformFiles(ctx context.Context, goos, goarch string) ([]file, error) {
	program, err := build(ctx, goos, goarch)
	if err != nil {
		return nil, err
	}
	name := "dcganviz"
	if goos == "windows" {
		name += ".exe"
	}
	licences, err := linkedLicences(ctx, goos, goarch)
	return append(licences, file{name, program, true}), err
}

// commonFiles are those that are the same on every platform. The program of this machine
// prints the manual page and the completions.
func commonFiles(ctx context.Context) ([]file, error) {
	program, err := build(ctx, runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "dcganviz-dist-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	at := filepath.Join(dir, "dcganviz.exe")
	if err := os.WriteFile(at, program, 0o777); err != nil {
		return nil, err
	}
	var files []file
	for _, printed := range []struct {
		name string
		args []string
	}{
		{"man/dcganviz.1", []string{"man"}},
		{"completion/dcganviz.bash", []string{"completion", "bash"}},
		{"completion/_dcganviz", []string{"completion", "zsh"}},
		{"completion/dcganviz.fish", []string{"completion", "fish"}},
	} {
		b, err := output(ctx, nil, at, printed.args...)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: printed.name, content: b})
	}
	texts, err := filepath.Glob("docs/*.md")
	if err != nil {
		return nil, err
	}
	texts = append(texts, "docs/film.png", "README.md", "CHANGELOG.md", "LICENSE", "LICENSES.md", "SECURITY.md", "model/zoo/faces/LICENSE.md")
	cards, err := filepath.Glob("model/zoo/models/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range append(texts, cards...) {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: filepath.ToSlash(name), content: b})
	}
	return files, nil
}

// linkedLicences are the licences and notices of the modules that are linked into the
// program on a platform, and Go's own.
func linkedLicences(ctx context.Context, goos, goarch string) ([]file, error) {
	list, err := output(ctx, []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch}, "go", "list", "-deps", "-json=Module", command)
	if err != nil {
		return nil, err
	}
	folders := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(list)); ; {
		var p struct {
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Module != nil && !p.Module.Main {
			folders[p.Module.Path] = p.Module.Dir
		}
	}
	root, err := output(ctx, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	folders["go"] = strings.TrimSpace(string(root))
	var files []file
	for module, folder := range folders {
		found, err := licencesIn(folder, path.Join("licences", module))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no licence in %s", module, folder)
		}
		files = append(files, found...)
	}
	return files, nil
}

// licencesIn reads the files of a folder that are named like licences, and all of those in
// a folder licenses below it.
func licencesIn(folder, as string) ([]file, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() && name == "LICENSES" {
			more, err := licencesIn(filepath.Join(folder, e.Name()), path.Join(as, e.Name()))
			if err != nil {
				return nil, err
			}
			files = append(files, more...)
		}
		if !e.Type().IsRegular() || path.Base(as) != "licenses" && !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"}, func(s string) bool { return strings.HasPrefix(name, s) }) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{name: path.Join(as, e.Name()), content: b})
	}
	return files, nil
}
