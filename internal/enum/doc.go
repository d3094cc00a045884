// Package enum gives the values of a typed constant their names, and takes names
// back.
//
//	var lawNames = []string{"normal", "uniform"}
//
//	func (l Law) String() string { return enum.Name(l, lawNames) }
//
//	func ParseLaw(name string) (Law, error) { return enum.Parse[Law]("model: law", name, lawNames) }
//
// Names are indexed by value.
package enum
