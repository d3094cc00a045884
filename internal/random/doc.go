// Package random makes generators of which no two are related.
package random
