package figure

// Program and Version are what recipes and numbers say that they were made by.
const (
	Program = "dcganviz"
	Version = "0.1.0"
)
