package figure

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dcganviz/probe"
)

// An Option is a field of a figure's settings, as a flag of the command line.
//
// The tags of the field are those that the parser of the command line reads: name
// (else the field's name in lower case, with dashes), default, enum, sep, recipe and
// older. Recipe says what a recipe keeps: by default the option with its value, of
// "input" the digest of the file that it names, of "none" nothing, because it
// changes no pixel. Older is the value by which versions drew that had no such option;
// with it the option is not in recipes.
type Option struct {
	Name  string // without dashes
	Tag   reflect.StructTag
	value reflect.Value
}

// Options returns the options of settings, a pointer to a struct, in their order.
// Options of embedded structs stand in its place.
func Options(settings any) []Option {
	return optionsIn(reflect.ValueOf(settings).Elem(), "")
}

func optionsIn(v reflect.Value, prefix string) (all []Option) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		within, embedded := embedding(f)
		switch {
		case f.Tag.Get("kong") == "-" || !f.IsExported() && !f.Anonymous:
		case embedded:
			all = append(all, optionsIn(v.Field(i), prefix+within)...)
		case f.Tag.Get("arg") == "" && !isArgument(f):
			all = append(all, Option{prefix + optionName(f), f.Tag, v.Field(i)})
		}
	}
	return all
}

func isArgument(f reflect.StructField) bool { _, is := f.Tag.Lookup("arg"); return is }

var prefixTag = regexp.MustCompile(`prefix='([^']*)'`)

// embedding reports whether a field's options stand in its place, and the prefix
// that their names get.
func embedding(f reflect.StructField) (prefix string, embedded bool) {
	tag := f.Tag.Get("kong")
	if m := prefixTag.FindStringSubmatch(tag); m != nil {
		prefix = m[1]
	}
	return prefix, f.Type.Kind() == reflect.Struct && (f.Anonymous || strings.HasPrefix(tag, "embed"))
}

func optionName(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	var b strings.Builder
	runes := []rune(f.Name)
	for i, r := range runes {
		// A word begins at a capital behind a small letter, or before one.
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Default returns the option's default, and whether it has one.
func (o Option) Default() (string, bool) { return o.Tag.Lookup("default") }

// Recipe returns the option's recipe tag.
func (o Option) Recipe() string { return o.Tag.Get("recipe") }

// Older returns the option's older tag, and whether it has one.
func (o Option) Older() (string, bool) { return o.Tag.Lookup("older") }

// IsBool reports whether the option is given without a value.
func (o Option) IsBool() bool { return o.value.Kind() == reflect.Bool }

// IsZero reports whether the option has the zero value of its type.
func (o Option) IsZero() bool { return o.value.IsZero() }

// Text returns the value of an option that names a file or is a text.
func (o Option) Text() string { return fmt.Sprint(o.value.Interface()) }

// Args returns the option with its value as a command line has it; nothing for a
// pointer that is nil.
func (o Option) Args() ([]string, error) {
	v := o.value
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	}
	name := "--" + o.Name
	if v.Kind() == reflect.Bool {
		if !v.Bool() {
			name = "--no-" + o.Name
		}
		return []string{name}, nil
	}
	if _, ok := v.Interface().(encoding.TextMarshaler); ok || v.Kind() != reflect.Slice {
		text, err := textOf(v)
		return []string{name + "=" + text}, err
	}
	var each []string
	for i := range v.Len() {
		text, err := textOf(v.Index(i))
		if err != nil {
			return nil, err
		}
		each = append(each, text)
	}
	if o.Tag.Get("sep") == "none" { // given once for each
		for i, text := range each {
			each[i] = name + "=" + text
		}
		return each, nil
	}
	return []string{name + "=" + strings.Join(each, ",")}, nil
}

// textOf returns a value as Set takes it.
func textOf(v reflect.Value) (string, error) {
	switch x := v.Interface().(type) {
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		return string(text), err
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), nil
	}
	return fmt.Sprint(v.Interface()), nil
}

// Set gives the option the value of a text; of a list that is given once for each,
// one more. Its errors are probe.ErrInput.
func (o Option) Set(text string) error {
	v := o.value
	if v.Kind() == reflect.Slice {
		if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); !ok {
			return o.setList(text)
		}
	}
	if err := setValue(v, text); err != nil {
		return probe.Input("--%s: %w", o.Name, err)
	}
	return o.check()
}

func (o Option) setList(text string) error {
	words := []string{text}
	if o.Tag.Get("sep") != "none" {
		words = strings.Split(text, ",")
		o.value.SetZero()
	}
	for _, w := range words {
		one := reflect.New(o.value.Type().Elem()).Elem()
		if err := setValue(one, w); err != nil {
			return probe.Input("--%s: %w", o.Name, err)
		}
		o.value.Set(reflect.Append(o.value, one))
	}
	return nil
}

func setValue(v reflect.Value, text string) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		var n int64
		n, err = strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(n)
	case reflect.Uint64:
		var n uint64
		n, err = strconv.ParseUint(text, 10, 64)
		v.SetUint(n)
	case reflect.Float64:
		var x float64
		x, err = strconv.ParseFloat(text, 64)
		v.SetFloat(x)
	default:
		return fmt.Errorf("an option of type %v", v.Type())
	}
	if err != nil {
		return fmt.Errorf("%.60q, want a value like %v", text, reflect.Zero(v.Type()).Interface())
	}
	return nil
}

// check reports a value that the enum tag does not allow.
func (o Option) check() error {
	enum, ok := o.Tag.Lookup("enum")
	if !ok || o.value.Kind() != reflect.String || slices.Contains(strings.Split(enum, ","), o.value.String()) {
		return nil
	}
	return probe.Input("--%s is %.60q, want one of %s", o.Name, o.value.String(), strings.ReplaceAll(enum, ",", ", "))
}

// Fill sets options from arguments such as --seed=7 and --grid, in which each value
// stands behind its option. Its errors are probe.ErrInput.
func Fill(settings any, args []string) error {
	options := Options(settings)
	for _, a := range args {
		name, value, valued := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		on := true
		i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name })
		if rest, off := strings.CutPrefix(name, "no-"); i < 0 && off {
			on = false
			i = slices.IndexFunc(options, func(o Option) bool { return o.Name == rest && o.IsBool() })
		}
		if i < 0 || !strings.HasPrefix(a, "--") {
			return probe.Input("%.100q is no option of it", a)
		}
		if options[i].IsBool() != !valued {
			return probe.Input("%.100q, want --%s with a value only if it takes one", a, options[i].Name)
		}
		if !valued {
			value = strconv.FormatBool(on)
		}
		if err := options[i].Set(value); err != nil {
			return err
		}
	}
	return nil
}

// setDefaults gives every option that is zero its default.
func setDefaults(settings any) {
	for _, o := range Options(settings) {
		if text, ok := o.Default(); ok && o.IsZero() && !strings.Contains(text, "${") {
			if err := o.Set(text); err != nil {
				panic("figure: default: " + err.Error()) // of a tag in this package
			}
		}
	}
}

// checkEnums reports the first option with a value that its enum tag does not
// allow.
func checkEnums(settings any) error {
	for _, o := range Options(settings) {
		if err := o.check(); err != nil {
			return err
		}
	}
	return nil
}
