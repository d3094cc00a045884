package model

import "dcganviz/internal/kernel"

// A Rule says how a gradient passes an activation on its way back. With x the
// activation's input, g the gradient from above and s its slope below zero:
//
//	Plain        g * (x > 0 ? 1 : s)                 the gradient itself
//	GuidedReLU   max(g, 0) * (x > 0 ? 1 : 0)         the leak blocked
//	GuidedLeaky  max(g, 0) * (x > 0 ? 1 : s)         the leak kept
//	DeconvReLU   max(g, 0)
//	DeconvLeaky  g > 0 ? g : s*g
//
// Sources: Springenberg et al. 2014 (arXiv:1412.6806), section 3.4, for guided
// backpropagation; Zeiler & Fergus 2013 (arXiv:1311.2901), section 2.1, for the
// deconvnet. Both define their rule for ReLU; the leaky forms extend them to D's
// LeakyReLU.
type Rule = kernel.Rule

// The rules. The zero value is the gradient.
const (
	Plain       Rule = kernel.Plain
	GuidedReLU  Rule = kernel.GuidedReLU
	GuidedLeaky Rule = kernel.GuidedLeaky
	DeconvReLU  Rule = kernel.DeconvReLU
	DeconvLeaky Rule = kernel.DeconvLeaky
)
