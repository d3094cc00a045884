package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dcganviz/gallery/figure"
	"dcganviz/model/checkpoint"
)

// ambiguous adds to an error of checkpoint.Open which flags resolve it.
func ambiguous(where string, err error) error {
	if u := (*checkpoint.UnknownGeometryError)(nil); errors.As(err, &u) {
		return usageError("%s: %s", where, geometryHint(u))
	}
	if a := (*checkpoint.AmbiguousError)(nil); errors.As(err, &a) {
		return usageError("%w (%s)", err, strings.Join(each(a.Options, flagOf), " or "))
	}
	return err
}

// noteReadings says what was made of a file that does not say all of its nets.
func noteReadings(e *env, title string, readings []checkpoint.Reading) {
	for _, r := range readings {
		text := r.Text
		if len(r.Options) > 0 {
			text += " (" + strings.Join(each(r.Options, flagOf), " or ") + ")"
		}
		e.note("%s: %s", title, text)
	}
}

// flagOf returns the flag for a field of checkpoint.OpenOptions: --d-size for D.Size.
func flagOf(option string) string {
	var b strings.Builder
	b.WriteString("--")
	for i, r := range strings.ReplaceAll(option, ".", "") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// geometryHint says how a net of no known family can be opened.
func geometryHint(u *checkpoint.UnknownGeometryError) string {
	net := strings.ToLower(u.Net)
	kernels := each(u.Kernels, func(k [2]int) string { return fmt.Sprintf("%dx%d", k[0], k[1]) })
	text := fmt.Sprintf("%s's convolutions with kernels of %s ", u.Net, strings.Join(kernels, ", "))
	if len(u.Families) > 0 {
		names := each(u.Families, func(f checkpoint.Family) string { return "--family " + f.String() })
		return text + "may be of several families, say which: " + strings.Join(names, " or ")
	}
	text += "are of no known family"
	if len(u.Candidates) == 0 {
		return text + fmt.Sprintf(": say --%s-strides and --%s-paddings", net, net)
	}
	tries := each(u.Candidates, func(g checkpoint.Geometry) string { return geometryArgs(net, g) })
	return text + ", say their strides and paddings; perhaps " + strings.Join(tries, ", or ")
}

// each returns what f makes of each of all.
func each[T, U any](all []T, f func(T) U) []U {
	out := make([]U, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}

// upsamples returns a geometry's upsamplings as the flag has them; nil if there are none.
func upsamples(g checkpoint.Geometry) []int {
	if !slices.ContainsFunc(g.Upsamples, func(n int) bool { return n > 1 }) {
		return nil
	}
	return each(g.Upsamples, func(n int) int { return max(n, 1) })
}

// geometryArgs returns a geometry as flags.
func geometryArgs(net string, g checkpoint.Geometry) string {
	var args []string
	for _, list := range []struct {
		name   string
		of     []int
		always bool
	}{{"strides", g.Strides, true}, {"paddings", g.Paddings, false}, {"output-paddings", g.OutputPaddings, false}, {"upsamples", upsamples(g), false}} {
		if list.always || slices.ContainsFunc(list.of, func(n int) bool { return n != 0 }) {
			args = append(args, fmt.Sprintf("--%s-%s %s", net, list.name, strings.Trim(strings.ReplaceAll(fmt.Sprint(list.of), " ", ","), "[]")))
		}
	}
	if net == "d" && g.Size != 0 {
		args = append(args, fmt.Sprintf("--d-size %v", figure.Pixels{Height: g.Size, Width: cmp.Or(g.Width, g.Size)}))
	}
	return strings.Join(args, " ")
}
