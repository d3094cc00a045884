package train

import "dcganviz/model"

// Stats are the figures of one step. Losses are means over the batch of the
// binary cross-entropy, in nats; scores are means of D's sigmoid.
type Stats struct {
	// Step is which step it was, 1 for the first.
	Step int
	// Epoch is how many times the data have been seen by then, with a fraction.
	Epoch float64

	// LossD is LossDReal + LossDFake: D's loss on real pictures and on drawn
	// ones, before its update.
	LossD, LossDReal, LossDFake float64
	// LossG is the loss of G, against D after its update.
	LossG float64
	// ScoreReal and ScoreFake are D's scores of both, before its update.
	ScoreReal, ScoreFake float64
	// ScoreG is D's score of the same drawings after its update.
	ScoreG float64
	// GradNormD and GradNormG are the Euclidean norms of all of a net's
	// gradients together.
	GradNormD, GradNormG float64
}

// meanScore returns the mean of the sigmoid of logits.
func meanScore(logits []float32) float64 {
	var sum float64
	for _, v := range logits {
		sum += model.Sigmoid(float64(v))
	}
	return sum / float64(len(logits))
}
