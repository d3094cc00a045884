// Package rank correlates what need not be linear.
package rank
