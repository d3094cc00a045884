package figure

// All is the table of figures, in the order of a page.
var All = []Entry{
	entry[Sample, SampleResult](Entry{
		Name: "sample", Title: "Samples",
		About: "Draw random images, and let D score them.",
		Examples: []string{
			"dcganviz sample",
			"dcganviz sample runs/mine -n 16 --seed 7 --scale 2 --out sheet.png",
			"dcganviz sample --numbers -n 200 --out numbered.png",
			"dcganviz sample -n 9 --scale 4 --smooth --out large.png",
			"dcganviz sample --z z.npy --npy images.npy --score",
		},
		Paper: []Preset{{"faces", "card-faces", "faces", nil}},
	}),
	entry[Compare, CompareResult](Entry{
		Name: "compare", Title: "Samples beside real pictures",
		About: "Lay samples beside real pictures, and measure how near they come.",
		Examples: []string{
			"dcganviz compare",
			"dcganviz compare facades-epoch1 --shown 25 --out early.png",
			"dcganviz compare runs/mine --images photos --neighbours 2",
		},
		Paper: []Preset{
			{"2", "fig2-epoch1", "facades-epoch1", []string{"--shown=64"}},
			{"3", "fig3-epoch5", "facades-epoch5", []string{"--shown=64"}},
			{"9", "fig9-digits", "digits", nil},
			{"facades", "card-facades", "facades", nil},
		},
	}),
	entry[Walk, WalkResult](Entry{
		Name: "walk", Title: "A walk through latent space",
		About: "Walk through latent space: images that turn into each other.",
		Examples: []string{
			"dcganviz walk",
			"dcganviz walk --audit full --out checked.png",
			"dcganviz walk --through 33,41,7 --steps 50 --out chosen.png",
			"dcganviz walk --mode slerp --anchors 5 --loop closed --gif --fps 20",
			"dcganviz walk --dim 7 --range=-2,2 --steps 11 --strip --out along.png",
		},
		Paper: []Preset{{"4", "fig4-walk", "facades", []string{"--audit=full", "--frames=always"}}},
	}),
	entry[Film, FilmResult](Entry{
		Name: "film", Title: "A film",
		About: "Show in seconds what a model learnt: a walk, a sum, windows that become wall.",
		Examples: []string{
			"dcganviz film",
			"dcganviz film --with faces --out film.png",
			"dcganviz film runs/mine --formula 1,2,3-4,5,6+7,8,9 --gif",
		},
		Paper: []Preset{{"film", "film", "facades", []string{"--with=faces"}}}, OnRequest: true,
	}),
	entry[Filters, FiltersResult](Entry{
		Name: "filters", Title: "What units of D respond to",
		About: "Show what units of D respond to, and whether the map can be trusted.",
		Examples: []string{
			"dcganviz filters",
			"dcganviz filters --layer conv2 --units 0,3,5 --rule gradient --out conv2.png",
			"dcganviz filters --on samples --leak relu --maximize",
		},
		Paper: []Preset{{"5", "fig5-filters", "facades", nil}},
	}),
	entry[ForgetWindows, ForgetResult](Entry{
		Name: "forget-windows", Title: "Forgetting windows",
		About: "Take the windows out of façades, and measure what else goes.",
		Examples: []string{
			"dcganviz forget-windows",
			"dcganviz forget-windows --method all --out windows.png",
			"dcganviz forget-windows --method fill-seen --region 0,0,32,64 --json",
		},
		Paper: []Preset{{"6", "fig6-forget-windows", "facades", []string{"--method=all"}}},
	}),
	entry[Forget, ForgetResult](Entry{
		Name: "forget", Title: "Forgetting a concept",
		About: "Take any concept out of what G draws, and measure what else goes.",
		Examples: []string{
			"dcganviz forget --concept signboard",
			"dcganviz forget --concept window --layer up1,up2 --method erase,fill",
		},
		Paper: []Preset{{"signboard", "forget-signboard", "facades", []string{"--concept=signboard", "--method=paper,fill-seen", "--draws=100"}}},
	}),
	entry[Arithmetic, ArithmeticResult](Entry{
		Name: "arithmetic", Title: "Arithmetic on latents",
		About: "Add and subtract concepts: smiling woman - neutral woman + neutral man.",
		Examples: []string{
			"dcganviz arithmetic",
			"dcganviz arithmetic --formula 136,1054,1158-280,108,69+341,1022,708",
			"dcganviz arithmetic runs/mine --formula 1,2,3-4,5,6+7,8,9 --seed 3 --out sum.png",
		},
		Paper: []Preset{{"7", "fig7-arithmetic", "faces", nil}},
	}),
	entry[Turn, TurnResult](Entry{
		Name: "turn", Title: "Turning",
		About: "Go from one concept to another through samples, and measure whether they follow.",
		Examples: []string{
			"dcganviz turn",
			"dcganviz turn --from 280,108,69,93,158,239 --to 250,371,447,425,457,472 --steps 5",
			"dcganviz turn runs/mine --from 1,2,3,4,5,6 --to 11,12,13,14,15,16 --out turn.png",
		},
		Paper: []Preset{{"8", "fig8-turn", "faces", nil}},
	}),
	entry[Units, UnitsResult](Entry{
		Name: "units", Title: "What units of G draw",
		About: "Show what each unit of a layer of G draws, and what changes without it.",
		Examples: []string{
			"dcganviz units",
			"dcganviz units --layer up1 --hold mean --sort area --out up1.png",
			"dcganviz units --best --top 8 --json",
		},
		Paper: []Preset{{"unit", "unit", "facades", []string{"--best"}}},
	}),
	entry[Nearest, NearestResult](Entry{
		Name: "nearest", Title: "Nearest training pictures",
		About: "Find the training pictures nearest to samples, and tell whether the model copies them.",
		Examples: []string{
			"dcganviz nearest",
			"dcganviz nearest --samples 1000 --neighbours 3 --seed 7 --out near.png",
			"dcganviz nearest --samples 100 --json --threads 1",
		},
		Paper: []Preset{{"nearest", "nearest", "facades", nil}},
	}),
	entry[TSNE, TSNEResult](Entry{
		Name: "tsne", Title: "A map by t-SNE",
		About: "Lay samples, latents or pictures out in the plane, alike ones near each other.",
		Examples: []string{
			"dcganviz tsne",
			"dcganviz tsne digits -n 500 --out digits.png",
			"dcganviz tsne -n 500 --features pixels --perplexity 15 --grid --out map.png",
			"dcganviz tsne -n 300 --of latents --pca 0 --seed 7 --json",
		},
		Paper: []Preset{{"tsne", "tsne", "facades", nil}},
	}),
	entry[Represent, RepresentResult](Entry{
		Name: "represent", Title: "What D's features are worth",
		About: "Measure what D's features are worth to a classifier, beside features that nothing learnt.",
		Examples: []string{
			"dcganviz represent digits",
			"dcganviz represent digits --labels-per-class 10 --draws 20",
			"dcganviz represent runs/mine --images cifar10/train --test cifar10/test",
			"dcganviz represent runs/mine --images photos --npy --out mine.png",
		},
		Paper: []Preset{{"table1", "table1", "digits", nil}}, OnRequest: true,
	}),
	entry[Spectrum, SpectrumResult](Entry{
		Name: "spectrum", Title: "Checkerboard artefacts",
		About: "Find checkerboard patterns in samples that real pictures lack.",
		Examples: []string{
			"dcganviz spectrum",
			"dcganviz spectrum facades-epoch1 --samples 200 --out grid.png",
			"dcganviz spectrum runs/mine --images photos --json",
		},
		Paper: []Preset{{"spectrum", "spectrum", "facades", nil}},
	}),
	entry[Doctor, DoctorResult](Entry{
		Name: "doctor", Group: Know, Title: "A model's examination",
		About: "Tell what is wrong or doubtful with a model, with evidence and a contact sheet.",
		Examples: []string{
			"dcganviz doctor",
			"dcganviz doctor runs/mine --out sheet.png",
			"dcganviz doctor runs/mine --law uniform --json",
		},
		AsLoaded: true,
	}),
}
