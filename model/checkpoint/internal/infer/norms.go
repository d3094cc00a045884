package infer

import (
	"fmt"
	"strconv"

	"dcganviz/internal/enum"
)

// Norms is what a norm without running statistics is. In a file batch norm
// that keeps none, InstanceNorm2d and GroupNorm look alike: a gain and a bias for each
// channel. The zero value is BatchNorms, a positive number so many groups of GroupNorm.
type Norms int

const (
	// BatchNorms are batch norms whose statistics have to be estimated.
	BatchNorms Norms = 0
	// InstanceNorms normalise each channel of each image.
	InstanceNorms Norms = -1
)

func (n Norms) String() string {
	switch n {
	case BatchNorms:
		return "batch"
	case InstanceNorms:
		return "instance"
	}
	return strconv.Itoa(int(n))
}

// MarshalText writes batch, instance or the number of groups.
func (n Norms) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (n *Norms) UnmarshalText(text []byte) error {
	switch s := string(text); s {
	case "batch":
		*n = BatchNorms
	case "instance":
		*n = InstanceNorms
	default:
		groups, err := strconv.Atoi(s)
		if err != nil || groups < 1 {
			return fmt.Errorf("model: norms %q, want batch, instance or a number of groups", s)
		}
		*n = Norms(groups)
	}
	return nil
}

// An Order is that of a layer's norm and activation.
type Order uint8

const (
	// AnyOrder is what the file's statistics tell, or else NormFirst.
	AnyOrder Order = iota
	// NormFirst has the norm before the activation, as DCGANs do.
	NormFirst
	// NormLast has the norm after it.
	NormLast
)

var orderNames = [...]string{"any", "before", "after"}

func (o Order) String() string { return enum.Name(o, orderNames[:]) }

// MarshalText writes any, before or after.
func (o Order) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (o *Order) UnmarshalText(text []byte) (err error) {
	*o, err = enum.Parse[Order]("model: order of norm and activation", string(text), orderNames[:])
	return err
}
