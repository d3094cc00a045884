package checks

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestKernelsFuseNothingInGo: where the processor can, Go's compiler fuses a product
// with a sum, unless a conversion rounds the product. Then the same Go code gives other
// bits than on amd64. So no instruction that fuses may be in package kernel as it is
// compiled for arm64, but for the one in productSum, which asks whether there are any.
func TestKernelsFuseNothingInGo(t *testing.T) {
	const pkg = Module + "/internal/kernel"
	cmd := exec.Command("go", "build", "-gcflags="+pkg+"=-S", pkg)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing)
	}
	fuses := regexp.MustCompile(`\((\S+:\d+)\)\tFN?M(ADD|SUB)[SD]\t`)
	asked, function := 0, ""
	for lines := bufio.NewScanner(bytes.NewReader(listing)); lines.Scan(); {
		line := lines.Text()
		if name, _, ok := strings.Cut(line, " STEXT "); ok {
			function = name
		}
		m := fuses.FindStringSubmatch(line)
		switch {
		case m == nil:
		case strings.HasSuffix(function, ".productSum"):
			asked++
		default:
			t.Errorf("%s, %s: a product is fused with a sum on arm64: write float32(a*b) + c", m[1], function)
		}
	}
	if asked != 1 {
		t.Errorf("%d instructions that fuse in productSum, want 1: this test sees none", asked)
	}
}
