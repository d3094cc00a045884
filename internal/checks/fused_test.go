package checks

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestNetsFuseNothingInGo: where the processor can, Go's compiler fuses a product with a
// sum, unless a conversion rounds the product. Then the same Go code gives other bits
// than on amd64. So no instruction that fuses may be in the packages that compute a net,
// as they are compiled for arm64, but for the one in productSum, which asks whether there
// are any. A uniform number is a whole one times a power of two, which is exact.
func TestNetsFuseNothingInGo(t *testing.T) {
	args := []string{"build"}
	packages := []string{Module + "/internal/kernel", Module + "/model", Module + "/model/train"}
	for _, p := range packages {
		args = append(args, "-gcflags="+p+"=-S")
	}
	cmd := exec.Command("go", append(args, packages...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, listing)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	fuses := regexp.MustCompile(`\((\S+):(\d+)\)\tFN?M(?:ADD|SUB)[SD]\t`)
	uniform := regexp.MustCompile(`\.Float(32|64)\(\)`)
	asked, uniforms, function := 0, 0, ""
	for lines := bufio.NewScanner(bytes.NewReader(listing)); lines.Scan(); {
		line := lines.Text()
		if name, _, ok := strings.Cut(line, " STEXT "); ok {
			function = name
		}
		m := fuses.FindStringSubmatch(line)
		switch {
		case m == nil || !strings.HasPrefix(m[1], top): // inlined from elsewhere
		case strings.HasSuffix(function, ".productSum"):
			asked++
		case uniform.MatchString(sourceLine(t, m[1], m[2])):
			uniforms++
		default:
			t.Errorf("%s:%s, %s: a product is fused with a sum on arm64: write float32(a*b) + c", m[1], m[2], function)
		}
	}
	if asked != 1 || uniforms == 0 {
		t.Errorf("%d instructions that fuse in productSum and %d with uniform numbers, want 1 and some: this test sees too little", asked, uniforms)
	}
}

func sourceLine(t *testing.T, file, number string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(number)
	return strings.Split(string(text), "\n")[n-1]
}
