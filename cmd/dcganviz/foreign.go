package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dcganviz/model/checkpoint"
)

// ambiguous adds to an error of checkpoint.Open which flags resolve it.
func ambiguous(where string, err error) error {
	if u := (*checkpoint.UnknownGeometryError)(nil); errors.As(err, &u) {
		return usageError("%s: %s", where, geometryHint(u))
	}
	if a := (*checkpoint.AmbiguousError)(nil); errors.As(err, &a) {
		flags := make([]string, len(a.Options))
		for i, o := range a.Options {
			flags[i] = flagOf(o)
		}
		return usageError("%w (%s)", err, strings.Join(flags, " or "))
	}
	return err
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
	kernels := make([]string, len(u.Kernels))
	for i, k := range u.Kernels {
		kernels[i] = fmt.Sprintf("%dx%d", k[0], k[1])
	}
	net := strings.ToLower(u.Net)
	text := fmt.Sprintf("%s's convolutions with kernels of %s ", u.Net, strings.Join(kernels, ", "))
	if len(u.Families) > 0 {
		names := make([]string, len(u.Families))
		for i, f := range u.Families {
			names[i] = "--family " + f.String()
		}
		return text + "may be of several families, say which: " + strings.Join(names, " or ")
	}
	text += "are of no known family"
	if len(u.Candidates) == 0 {
		return text + fmt.Sprintf(": say --%s-strides and --%s-paddings", net, net)
	}
	var tries []string
	for _, c := range u.Candidates {
		tries = append(tries, geometryArgs(net, c))
	}
	return text + ", say their strides and paddings; perhaps " + strings.Join(tries, ", or ")
}

// geometryArgs returns a geometry as flags.
func geometryArgs(net string, g checkpoint.Geometry) string {
	var args []string
	for _, list := range []struct {
		name   string
		of     []int
		always bool
	}{{"strides", g.Strides, true}, {"paddings", g.Paddings, false}, {"output-paddings", g.OutputPaddings, false}} {
		if list.always || slices.ContainsFunc(list.of, func(n int) bool { return n != 0 }) {
			args = append(args, fmt.Sprintf("--%s-%s %s", net, list.name, strings.Trim(strings.ReplaceAll(fmt.Sprint(list.of), " ", ","), "[]")))
		}
	}
	if net == "d" && g.Size != 0 {
		args = append(args, fmt.Sprintf("--d-size %d", g.Size))
	}
	return strings.Join(args, " ")
}
