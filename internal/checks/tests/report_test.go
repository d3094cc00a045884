package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEachPackageIsPrintedAsItEnds: what go test -json wrote of two packages side by side,
// of which the first in the alphabet ends last.
func TestEachPackageIsPrintedAsItEnds(t *testing.T) {
	r, out := reported(t, `{"Action":"start","Package":"m/a"}
{"Action":"run","Package":"m/a","Test":"TestLong"}
{"Action":"output","Package":"m/a","Test":"TestLong","Output":"=== RUN   TestLong\n"}
{"Action":"output","Package":"m/b","Test":"TestGood","Output":"chatter\n"}
{"Action":"pass","Package":"m/b","Test":"TestGood","Elapsed":2.5}
{"Action":"output","Package":"m/b","Output":"PASS\n"}
{"Action":"output","Package":"m/b","Output":"ok  \tm/b\t3.0s\n"}
{"Action":"pass","Package":"m/b","Elapsed":3}
{"Action":"output","Package":"m/c","Output":"?   \tm/c\t[no test files]\n"}
{"Action":"skip","Package":"m/c","Elapsed":0}
`)
	if want := "ok  \tm/b\t3.0s\n?   \tm/c\t[no test files]\n"; out.String() != want {
		t.Errorf("while m/a runs %q is printed, want %q", out, want)
	}
	out.Reset()
	if err := r.read(strings.NewReader(`{"Action":"output","Package":"m/a","Test":"TestLong","Output":"    a_test.go:7: wrong\n"}
{"Action":"output","Package":"m/a","Test":"TestLong","Output":"--- FAIL: TestLong (9.00s)\n"}
{"Action":"fail","Package":"m/a","Test":"TestLong","Elapsed":9}
{"Action":"output","Package":"m/a","Test":"TestNoEnd","Output":"panic: oh\n"}
{"Action":"output","Package":"m/a","Output":"FAIL\tm/a\t9.1s\n"}
{"Action":"fail","Package":"m/a","Elapsed":9.1}
no event
`)); err != nil {
		t.Fatal(err)
	}
	r.slowest(1)
	want := "    a_test.go:7: wrong\n--- FAIL: TestLong (9.00s)\npanic: oh\nFAIL\tm/a\t9.1s\nno event\n\nthe slowest tests, in seconds:\n     9.0  m/a TestLong\n"
	if out.String() != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

func reported(t *testing.T, events string) (*report, *strings.Builder) {
	t.Helper()
	var out strings.Builder
	r := newReport(&out)
	if err := r.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	return r, &out
}

// TestFailuresAreTheExitCode runs go test itself on a module of one package.
func TestFailuresAreTheExitCode(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.26\n", "m.go": "package m\n"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		body, says string
		code       int
	}{
		"passes":          {`t.Log("not shown")`, "ok  \tm\t", 0},
		"fails":           {`t.Error("its reason")`, "its reason", 1},
		"panics":          {`panic("its cause")`, "its cause", 1},
		"does not build":  {`t.Nothing()`, "t.Nothing undefined", 1},
		"leaves too soon": {`os.Exit(0)`, "FAIL\tm", 1},
	} {
		use := ""
		if strings.HasPrefix(c.body, "os.") {
			use = "import \"os\"\n"
		}
		text := "package m\n\nimport \"testing\"\n" + use + "\nfunc TestIt(t *testing.T) { " + c.body + " }\n"
		if err := os.WriteFile(filepath.Join(".", "m_test.go"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr strings.Builder
		code, err := run([]string{"-count=1"}, &stdout, &stderr)
		if err != nil || code != c.code || !strings.Contains(stdout.String(), c.says) || strings.Contains(stdout.String(), "not shown") {
			t.Errorf("a test that %s: exit code %d (%v), want %d and %q in\n%s%s", name, code, err, c.code, c.says, stdout.String(), stderr.String())
		}
	}
}
