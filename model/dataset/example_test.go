package dataset_test

import (
	"context"
	"fmt"

	"dcganviz/model/dataset"
)

func Example() {
	set, err := dataset.Open("../../testdata/data/facades", dataset.Options{Size: 32})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer set.Close()

	x := make([]float32, 2*32*32*3)
	if err := set.Load(context.Background(), []int{0, 11}, x); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Len(), "pictures of", set.Classes())
	for _, i := range []int{0, 11} {
		fmt.Println(set.Name(i), set.Label(i))
	}
	// Output:
	// 12 pictures of [plain windows]
	// plain/p00010.jpg 0
	// windows/p00100.jpg 1
}
