package enum

import (
	"fmt"
	"slices"
	"strings"
)

// Name returns the name of v; of a value without one, its type and number.
func Name[T ~uint8](v T, names []string) string {
	if int(v) >= len(names) {
		kind := fmt.Sprintf("%T", v)
		return fmt.Sprintf("%s(%d)", kind[strings.LastIndexByte(kind, '.')+1:], uint8(v))
	}
	return names[v]
}

// Parse returns the value of that name. Its error begins with what.
func Parse[T ~uint8](what, name string, names []string) (T, error) {
	i := slices.Index(names, name)
	if i < 0 {
		last := len(names) - 1
		return 0, fmt.Errorf("%s %.40q, want %s or %s", what, name, strings.Join(names[:last], ", "), names[last])
	}
	return T(i), nil
}
