package model

func checkConv(r *reference) {}
func checkConvTranspose(r *reference) {}
func checkBatchNorm(r *reference) {}
func checkActivations(r *reference) {}
func checkCrossEntropy(r *reference) {}
func checkAdam(r *reference) {}
