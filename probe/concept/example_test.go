package concept_test

import (
	"fmt"

	"dcganviz/probe/concept"
)

// Example reads a concept file: samples 3 and 17 have windows, sample 5 has none.
func Example() {
	f, err := concept.Parse("mine.toml", []byte(`
about = "by eye"
seed = 7
model = "ab"

[concepts.windows]
exemplars = [3, 17]

[concepts.wall]
exemplars = [5]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Seed, f.Concepts["windows"].Exemplars)
	// Output: 7 [3 17]
}
