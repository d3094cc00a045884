package train

import (
	"errors"
	"fmt"
	"hash/fnv"
)

// A Labelled is a Source whose pictures are of classes.
type Labelled interface {
	Source
	// Label returns the class of a picture, from 0 on, and -1 if it has none. It must not
	// change.
	Label(i int) int
}

// labelsOf returns the class of each picture. It refuses pictures of other classes than 0 to
// classes-1, and a class without a picture.
func labelsOf(src Source, classes int) ([]int, error) {
	s, ok := src.(Labelled)
	if !ok {
		return nil, errors.New("train: nets that are told a class, but pictures of none")
	}
	labels, seen := make([]int, src.Len()), make([]bool, classes)
	for i := range labels {
		class := s.Label(i)
		if class < 0 || class >= classes {
			return nil, fmt.Errorf("train: picture %d is of class %d, want 0 to %d as the nets are told", i, class, classes-1)
		}
		labels[i], seen[class] = class, true
	}
	for class, any := range seen {
		if !any {
			return nil, fmt.Errorf("train: no picture is of class %d: the nets would not learn it", class)
		}
	}
	return labels, nil
}

// digestOf identifies labels.
func digestOf(labels []int) string {
	h := fnv.New64a()
	for _, class := range labels {
		h.Write([]byte{byte(class), byte(class >> 8)})
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
