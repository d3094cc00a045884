package figure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dcganviz/gallery"
)

// Bounds of the table of numbers that a page shows of a picture.
const (
	mostFacts     = 60
	mostFactDepth = 6
	mostListed    = 6
)

// notFacts are parts of a picture's numbers that are not results: words, options, places.
var notFacts = []string{"words", "parameters", "layout", "places", "seed", "first"}

// facts returns the single numbers of a picture's JSON, in its order, each with the names
// that lead to it; long lists are left out.
func facts(numbers []byte) []gallery.Fact {
	var f factList
	for _, m := range membersOf(numbers) {
		if !slices.Contains(notFacts, m.name) {
			f.add(plainName(m.name), m.value, 0)
		}
	}
	return f
}

type factList []gallery.Fact

func (f *factList) put(name, value string) {
	if len(*f) < mostFacts {
		*f = append(*f, gallery.Fact{Name: name, Value: value})
	}
}

// add adds what a value holds.
func (f *factList) add(name string, value json.RawMessage, depth int) {
	if depth == mostFactDepth || len(value) == 0 || len(*f) == mostFacts {
		return
	}
	switch value[0] {
	case '{':
		members := membersOf(value)
		if text, used := estimate(members); used != nil {
			f.put(name, text)
			members = slices.DeleteFunc(members, func(m member) bool { return slices.Contains(used, m.name) })
		}
		for _, m := range members {
			f.add(name+", "+plainName(m.name), m.value, depth+1)
		}
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil || len(list) == 0 || len(list) > mostListed {
			return
		}
		if list[0][0] == '{' {
			for i, v := range list {
				f.add(name+", "+nameOf(v, i), v, depth+1)
			}
			return
		}
		var numbers []*float64 // nil of null
		if json.Unmarshal(value, &numbers) == nil && !slices.Contains(numbers, nil) {
			var texts []string
			for _, v := range numbers {
				texts = append(texts, factNumber(*v))
			}
			f.put(name, strings.Join(texts, ", "))
		}
	case 't':
		f.put(name, "yes")
	case 'f':
		f.put(name, "no")
	default:
		var v float64
		if value[0] != 'n' && value[0] != '"' && json.Unmarshal(value, &v) == nil {
			f.put(name, factNumber(v))
		}
	}
}

// estimate writes a mean or a value with what says how sure it is, and names the members
// that it used.
func estimate(members []member) (text string, used []string) {
	has := make(map[string]float64)
	for _, m := range members {
		var v float64
		if json.Unmarshal(m.value, &v) == nil && string(m.value) != "null" {
			has[m.name] = v
		}
	}
	take := func(names ...string) bool {
		for _, name := range names {
			if _, ok := has[name]; !ok {
				return false
			}
		}
		used = append(used, names...)
		return true
	}
	switch {
	case take("mean"):
		text = factNumber(has["mean"])
	case take("value"):
		text = factNumber(has["value"])
	default:
		return "", nil
	}
	if take("se") {
		text += " ± " + factNumber(has["se"])
	} else if take("sd") {
		text += " ± " + factNumber(has["sd"])
	}
	if take("lo", "hi") {
		text += fmt.Sprintf(" (%s to %s)", factNumber(has["lo"]), factNumber(has["hi"]))
	}
	return text, used
}

func factNumber(v float64) string {
	if v == float64(int64(v)) {
		return strconv.FormatInt(int64(v), 10)
	}
	return fmt.Sprintf("%.4g", v)
}

// nameOf is what an element of a list calls itself, or its number.
func nameOf(value json.RawMessage, i int) string {
	var head struct{ Name, Rule, Check, Unit any }
	if json.Unmarshal(value, &head) == nil {
		for _, v := range []any{head.Name, head.Rule, head.Check} {
			if name, ok := v.(string); ok && name != "" {
				return name
			}
		}
		if unit, ok := head.Unit.(float64); ok {
			return "unit " + factNumber(unit)
		}
	}
	return "number " + strconv.Itoa(i+1)
}

func plainName(name string) string { return strings.ReplaceAll(name, "_", " ") }

// A member is a name of a JSON object with its value.
type member struct {
	name  string
	value json.RawMessage
}

// membersOf returns the members of an object in their order; nothing of anything else.
func membersOf(object []byte) (all []member) {
	d := json.NewDecoder(bytes.NewReader(object))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return all
		}
		var m member
		m.name, _ = name.(string)
		if d.Decode(&m.value) != nil {
			return all
		}
		all = append(all, m)
	}
	return all
}
