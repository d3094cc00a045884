// Package concept reads concept files: which samples of a generator are
// exemplars of a concept, and by which scores one tells whether an image shows
// it. A file is TOML:
//
//	about = "where the exemplars come from"
//	seed = 1            # of the samples that exemplars are, by number
//	model = "8a1d..."   # SHA-256 of the model's file; left out: any model
//
//	[scores.windows]
//	scorer = "facades-window-judge" # embedded, or a file beside this one
//	chooser = "facades-window-scorer" # optional: another one, which chooses what scorer judges
//	least = 0.05        # mean score from which an image counts as showing it; default 0.5
//
//	[scores.light]
//	measure = "brightness" # in place of a scorer: mean luma, -1 to 1; default of least 0
//
//	[concepts."light façade"]
//	exemplars = [3, 17, 40, 41] # the first three are drawn, all are drawn from
//	shows = ["light", "windows"]
//
//	[concepts."dark façade"]    # what a sum gives needs no exemplars
//	lacks = ["light"]
//	shows = ["windows"]
//
//	[[arithmetic]]
//	formula = "light façade - light wall + dark wall = dark façade"
//
//	[[turn]]
//	from = "dark façade"
//	to = "light façade"
//	score = "light" # optional: a score that rises on the way
//
// The first arithmetic and the first turn are what a command takes by default. A
// formula may have sample numbers in place of a name, as in "3,17,40 - 5,6,9 +
// 2,8,30", and need not say what it gives.
//
// The package knows neither models nor scorers.
package concept
