package tsne

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/probe"
)

// yardstickNeighbors are those that the yardstick's affinities have, as
// testdata/peers/tsne_bench.py takes them: beyond them p is negligible.
const yardstickNeighbors = 200

// yardstickMost is the largest set that the yardstick, which looks at all
// pairs, is used on.
const yardstickMost = 20000

// mnist reads the first n pictures of the folder that $MNIST names, training
// pictures first, as 50 principal components, and their labels.
func mnist(b *testing.B, pool *model.Pool, n int) (model.Tensor, []int) {
	b.Helper()
	dir := os.Getenv("MNIST")
	if dir == "" {
		b.Skip("MNIST names no folder with MNIST's four files")
	}
	x := model.NewTensor(n, 28*28)
	var labels []int
	for _, name := range []string{"train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"} {
		set, err := dataset.Open(filepath.Join(dir, name), dataset.Options{Size: 28, Channels: 1})
		if err != nil {
			b.Fatal(err)
		}
		from := len(labels)
		at := make([]int, min(set.Len(), n-from))
		for i := range at {
			at[i] = i
			labels = append(labels, set.Label(i))
		}
		if err := set.Load(b.Context(), at, x.Slice(from, from+len(at)).Data); err != nil {
			b.Fatal(err)
		}
		set.Close()
	}
	if len(labels) < n {
		b.Skipf("%d pictures in %s, want %d", len(labels), dir, n)
	}
	p, err := Components(b.Context(), pool, x, 50)
	if err != nil {
		b.Fatal(err)
	}
	return p.X, labels
}

// BenchmarkMNIST embeds MNIST at perplexity 30. $SEED is the first seed. Beside
// seconds it reports seconds by n ln n, in nanoseconds, which do not rise if the
// time grows as n ln n; the most memory so far in MB; and up to 20,000 points
// the divergence by the peers' yardstick.
func BenchmarkMNIST(b *testing.B) {
	pool := model.NewPool(runtime.GOMAXPROCS(0))
	defer pool.Close()
	seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	for _, n := range []int{5000, 10000, 20000, 40000, 70000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x, labels := mnist(b, pool, n)
			var all []*Embedding
			for b.Loop() {
				e, err := Embed(b.Context(), pool, x, Options{Settings: probe.Settings{Seed: seed + uint64(len(all))}})
				if err != nil {
					b.Fatal(err)
				}
				all = append(all, e)
			}
			seconds := b.Elapsed().Seconds() / float64(len(all))
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(seconds, "s/embedding")
			b.ReportMetric(1e9*seconds/(float64(n)*math.Log(float64(n))), "ns/(n*ln(n))")
			b.ReportMetric(peakMB(), "MB-peak")
			var kl, share float64
			for _, e := range all {
				s, err := NearestLabel(b.Context(), pool, Plane(e.Y), labels)
				if err != nil {
					b.Fatal(err)
				}
				share += s / float64(len(all))
				if n <= yardstickMost {
					a, err := affinities(b.Context(), pool, x, 30, yardstickNeighbors)
					if err != nil {
						b.Fatal(err)
					}
					kl += exactDivergence(pool, a, e.Y) / float64(len(all))
				}
			}
			b.ReportMetric(100*share, "%-1nn")
			if kl > 0 {
				b.ReportMetric(kl, "KL")
			}
		})
	}
}

// peakMB is the most memory that the process had, where Linux says so.
func peakMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return math.NaN()
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return math.NaN()
	}
	kb, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return math.NaN()
	}
	return kb / 1024
}

// BenchmarkPeer runs testdata/peers/tsne_bench.py, once each, where $PYTHON
// (/usr/bin/python3) has what it needs.
func BenchmarkPeer(b *testing.B) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	if os.Getenv("MNIST") == "" {
		b.Skip("MNIST names no folder with MNIST's four files")
	}
	for _, p := range [][2]string{{"sklearn", "sklearn"}, {"opentsne-fft", "openTSNE"}} {
		peer, module := p[0], p[1]
		b.Run("peer="+peer+"/n=10000", func(b *testing.B) {
			check := exec.Command(python, "-c", "import sys, os; sys.path.insert(0, os.environ.get('OPENTSNE', '')); import "+module)
			if err := check.Run(); err != nil {
				b.Skipf("%s has no %s", python, module)
			}
			cmd := exec.CommandContext(b.Context(), python, "../../testdata/peers/tsne_bench.py", peer, "10000", strconv.Itoa(runtime.GOMAXPROCS(0)))
			for _, v := range os.Environ() { // some machines set these for old OpenBLAS builds
				if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") && !strings.HasPrefix(v, "OPENBLAS_L2_SIZE=") {
					cmd.Env = append(cmd.Env, v)
				}
			}
			out, err := cmd.Output()
			if err != nil {
				b.Fatal(err)
			}
			var answer struct {
				Seconds float64 `json:"secs"`
				KL      float64 `json:"kl_exact"`
				Share   float64 `json:"nn1_acc"`
				MB      float64 `json:"rss_mb"`
				Others  float64 `json:"others_cores"`
			}
			if err := json.Unmarshal(out, &answer); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(answer.Seconds, "s/embedding")
			b.ReportMetric(answer.KL, "KL")
			b.ReportMetric(100*answer.Share, "%-1nn")
			b.ReportMetric(answer.MB, "MB-peak")
			b.ReportMetric(answer.Others, "cores-others")
		})
	}
}
