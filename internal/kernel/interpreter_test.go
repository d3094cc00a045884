package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A machine interprets the dozen instructions that the micro-kernels consist
// of, from the text of the generated file: so the AVX-512 kernels are held to
// the specification on machines that lack the instructions.
type machine struct {
	mem  []byte // addresses are offsets
	gp   map[string]int
	vec  map[string]*[16]float32
	flag int // the last arithmetic result

	fetched []int // addresses of prefetches
}

var memoryOperand = regexp.MustCompile(`^(\d*)\((\w+)\)(?:\((\w+)\*(\d)\))?$`)

func (m *machine) address(op string) int {
	f := memoryOperand.FindStringSubmatch(op)
	if f == nil {
		panic("operand " + op)
	}
	disp, _ := strconv.Atoi("0" + f[1])
	scale, _ := strconv.Atoi("0" + f[4])
	return disp + m.gp[f[2]] + m.gp[f[3]]*scale
}

// lanesOf returns how many floats a vector register holds.
func lanesOf(reg string) int {
	if reg[0] == 'Z' {
		return 16
	}
	return 8
}

func (m *machine) register(name string) *[16]float32 {
	if m.vec[name] == nil {
		m.vec[name] = new([16]float32)
	}
	return m.vec[name]
}

func (m *machine) float(at int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(m.mem[at:]))
}

// value reads a vector operand, a register or memory.
func (m *machine) value(op string, n int) (v [16]float32) {
	if op[0] == 'Y' || op[0] == 'Z' {
		return *m.register(op)
	}
	at := m.address(op)
	for i := range n {
		v[i] = m.float(at + 4*i)
	}
	return v
}

func (m *machine) integer(op string) int {
	switch {
	case op[0] == '$':
		n, err := strconv.Atoi(strings.TrimPrefix(op[1:], "+"))
		if err != nil {
			panic(err)
		}
		return n
	case strings.Contains(op, "("):
		return int(binary.LittleEndian.Uint64(m.mem[m.address(op):]))
	}
	return m.gp[op]
}

// step executes one instruction that is no jump.
func (m *machine) step(op string, a []string) {
	last := a[len(a)-1]
	switch op {
	case "MOVQ":
		m.gp[last] = m.integer(a[0])
	case "ADDQ":
		m.gp[last] += m.integer(a[0])
		m.flag = m.gp[last]
	case "SUBQ":
		m.gp[last] -= m.integer(a[0])
		m.flag = m.gp[last]
	case "DECQ":
		m.gp[last]--
		m.flag = m.gp[last]
	case "TESTQ":
		m.flag = m.gp[a[0]] & m.gp[a[1]]
	case "LEAQ":
		m.gp[last] = m.address(a[0])
	case "PREFETCHT1":
		m.fetched = append(m.fetched, m.address(a[0]))
	case "VXORPS", "VPXORD":
		if a[0] != a[1] {
			panic("only used to clear")
		}
		*m.register(last) = [16]float32{}
	case "VBROADCASTSS":
		v := m.float(m.address(a[0]))
		for i := range m.register(last) {
			m.register(last)[i] = v
		}
	case "VMOVUPS":
		if last[0] == 'Y' || last[0] == 'Z' {
			*m.register(last) = m.value(a[0], lanesOf(last))
			return
		}
		at := m.address(last)
		for i, v := range m.register(a[0])[:lanesOf(a[0])] {
			binary.LittleEndian.PutUint32(m.mem[at+4*i:], math.Float32bits(v))
		}
	case "VFMADD231PS":
		x, y, z := m.value(a[0], lanesOf(last)), m.value(a[1], lanesOf(last)), m.register(last)
		for i := range z {
			z[i] = float32(math.FMA(float64(x[i]), float64(y[i]), float64(z[i])))
		}
	case "VADDPS":
		x, y, z := m.value(a[0], lanesOf(last)), m.value(a[1], lanesOf(last)), m.register(last)
		for i := range z {
			z[i] = x[i] + y[i]
		}
	default:
		panic("instruction " + op)
	}
}

// run executes a function whose one argument is arg, up to its return.
func (m *machine) run(code []string, arg int) {
	labels := map[string]int{}
	for i, line := range code {
		if l, ok := strings.CutSuffix(line, ":"); ok {
			labels[l] = i
		}
	}
	for pc := 0; ; pc++ {
		op, rest, _ := strings.Cut(code[pc], " ")
		args := strings.Split(strings.ReplaceAll(rest, " ", ""), ",")
		switch {
		case strings.HasSuffix(op, ":"), op == "VZEROUPPER":
		case op == "RET":
			return
		case op == "JL" && m.flag < 0, op == "JGE" && m.flag >= 0, op == "JZ" && m.flag == 0, op == "JNZ" && m.flag != 0:
			pc = labels[args[0]]
		case op[0] == 'J':
		case args[0] == "t+0(FP)":
			m.gp[args[1]] = arg
		default:
			m.step(op, args)
		}
	}
}

// functions splits the generated file into functions, comments left out.
func functions(t *testing.T) map[string][]string {
	text, err := os.ReadFile("kernel_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	var name string
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case strings.HasPrefix(line, "TEXT "):
			name = strings.TrimPrefix(line[5:strings.Index(line, "(")], "·")
		default:
			out[name] = append(out[name], line)
		}
	}
	return out
}

func TestGeneratedTilesInterpreted(t *testing.T) {
	code := functions(t)
	for _, set := range []struct {
		name   string
		mr, nr int
	}{{"AVX2", 6, 16}, {"AVX512", 14, 32}} {
		for _, kind := range []string{"pack", "gather"} {
			for rows := 1; rows <= set.mr; rows++ {
				name := fmt.Sprintf("%s%s_%d", kind, set.name, rows)
				if code[name] == nil {
					t.Fatalf("no function %s", name)
				}
				for _, k := range []int{1, 3, 4, 9} {
					for add := range 2 {
						interpret(t, name, code[name], kind, rows, set.nr, k, add)
					}
				}
			}
		}
	}
}

// interpret runs one micro-kernel on small integers, whose sums are exact.
func interpret(t *testing.T, name string, code []string, kind string, rows, nr, k, add int) {
	const atTile, atRows, atOff, atA, atB, atC, guard = 0, 64, 256, 1024, 1024 + 14*rowStride*4, 100_000, 64
	m := &machine{mem: make([]byte, 200_000), gp: map[string]int{}, vec: map[string]*[16]float32{}}
	put := func(at, v int) { binary.LittleEndian.PutUint64(m.mem[at:], uint64(v)) }
	for i, v := range []int{atA, atB, atC, k, atRows, atOff, add} {
		put(atTile+8*i, v)
	}
	rng := rand.New(rand.NewPCG(8, uint64(rows)))
	for at := atA; at < len(m.mem); at += 4 {
		binary.LittleEndian.PutUint32(m.mem[at:], math.Float32bits(float32(rng.IntN(9)-4)))
	}
	rowAt := func(r int) int { return (guard + r*(nr+3)) * 4 }
	for r := range rows {
		put(atRows+8*r, rowAt(r))
	}
	offset := func(i int) int { return (5*i + 2) % 11 * 64 }
	for i := range k {
		put(atOff+8*i, offset(i))
	}
	want := append([]byte(nil), m.mem...)
	for r := range rows {
		for j := range nr {
			var sum float32
			if add == 1 {
				sum = m.float(atC + rowAt(r) + 4*j)
			}
			for i := range k {
				a := atA + r*rowStride*4 + i*4
				if kind == "gather" {
					a = atA + offset(i) + r*4
				}
				sum += m.float(a) * m.float(atB+(i*nr+j)*4)
			}
			binary.LittleEndian.PutUint32(want[atC+rowAt(r)+4*j:], math.Float32bits(sum))
		}
	}
	m.run(code, atTile)
	for i := range want {
		if m.mem[i] != want[i] {
			t.Fatalf("%s, k %d, add %d: byte %d of the memory is %d, want %d (row 0 of the result begins at %d)",
				name, k, add, i, m.mem[i], want[i], atC+rowAt(0))
		}
	}
}

// TestCallsFetchTheNextPanel: together the row kernels' calls fetch each cache line of the
// panel that comes next, and nothing far from it.
func TestCallsFetchTheNextPanel(t *testing.T) {
	const line, atTile, atRows, atA = 64, 0, 128, 1024
	code := functions(t)
	for _, set := range []struct {
		kernel string
		nr     int
	}{{"packAVX2_6", 16}, {"packAVX512_14", 32}} {
		for _, k := range []int{1, 3, 4, 9, kc} {
			panel := make([]float32, k*set.nr)
			for calls := 1; calls < 14; calls++ {
				m := &machine{mem: make([]byte, 200_000), gp: map[string]int{}, vec: map[string]*[16]float32{}}
				tl := &tile{k: k}
				tl.fetch(panel, set.nr, calls)
				base := tl.next
				for range calls {
					for i, v := range []int{atA, atA, atA, k, atRows, 0, 0, int(tl.next - base), tl.step} {
						binary.LittleEndian.PutUint64(m.mem[atTile+8*i:], uint64(v))
					}
					m.run(code[set.kernel], atTile)
					tl.fetched()
				}
				lines := map[int]bool{}
				for _, at := range m.fetched {
					if at < 0 || at >= len(panel)*4+line {
						t.Fatalf("%s, k %d, %d calls: fetches byte %d of %d", set.kernel, k, calls, at, len(panel)*4)
					}
					lines[at/line] = true
				}
				for i := range (len(panel)*4 + line - 1) / line {
					if !lines[i] {
						t.Fatalf("%s, k %d, %d calls: line %d is not fetched", set.kernel, k, calls, i)
					}
				}
			}
		}
	}
}
