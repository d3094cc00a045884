package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dcganviz/internal/dataset"
	"dcganviz/internal/kernel"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
	"dcganviz/viz"
)

// forgetCmd makes a generator draw without a concept.
type forgetCmd struct {
	Concept string `group:"Concept" required:"" placeholder:"NAME" help:"What to forget: the class of the boxes, and of the embedded scorers."`
	forgetFlags
}

func (*forgetCmd) examples() []string {
	return []string{
		"dcganviz forget --concept window --layer up1 --method erase,fill",
	}
}

// Run is the command.
func (c *forgetCmd) Run(e *env) error { return c.run(e, "forget", c.Concept) }

// forgetWindowsCmd is forget for the windows of façades.
type forgetWindowsCmd struct{ forgetFlags }

func (*forgetWindowsCmd) examples() []string {
	return []string{
		"dcganviz forget-windows",
		"dcganviz forget-windows --method all --out windows.png",
		"dcganviz forget-windows --method fill-seen --region 0,0,32,64 --json",
	}
}

// Run is the command.
func (c *forgetWindowsCmd) Run(e *env) error { return c.run(e, "forget-windows", "window") }

// forgetFlags are what the two commands have in common.
type forgetFlags struct {
	modelFlag
	Boxes  string `group:"Concept" placeholder:"FILE" help:"Where the concept is in samples of --seed: CSV or JSON with columns file (the sample's number), class, x0, y0, x1, y1 in pixels; or ${boxes}, drawn by eye (default: the scorer finds it)."`
	Scorer string `group:"Concept" placeholder:"FILE" help:"What finds the concept: an embedded scorer or a file of dcganviz score fit (default: the one that comes with the model)."`
	Judge  string `group:"Concept" placeholder:"FILE" help:"What measures, and must be independent of the scorer (default: the one that comes with the model)."`

	Method  []string `group:"Method" default:"paper" placeholder:"NAME" help:"paper (drop maps of positive weight), mean, causal, erase, fill, fill-seen, several with commas, or all (default: ${default})."`
	Layer   string   `group:"Method" placeholder:"NAME" help:"Layer of G to act on (default: the second-highest convolution)."`
	Region  []string `group:"Method" sep:"none" placeholder:"X0,Y0,X1,Y1" help:"Change only this box of the image, in pixels; may be given again."`
	Samples int      `group:"Method" default:"500" placeholder:"N" help:"New samples to measure on (default: ${default})."`
	Seed    uint64   `group:"Method" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`

	Out     string `group:"Output" placeholder:"FILE" help:"Where the picture goes (default: in ${gallery}/, which is replaced freely); the numbers go beside it, ending in .json."`
	Force   bool   `group:"Output" help:"Replace the files that --out names."`
	JSON    bool   `group:"Output" name:"json" help:"Print the numbers as JSON."`
	Threads int    `group:"Output" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
}

// forgotten is what the commands answer.
type forgotten struct {
	Program string   `json:"program"`
	Version string   `json:"version"`
	Command string   `json:"command"`
	Image   string   `json:"image"`
	Model   string   `json:"model"`
	SHA256  string   `json:"sha256"`
	Concept string   `json:"concept"`
	Seed    uint64   `json:"seed"`
	Samples int      `json:"samples"`
	Boxes   string   `json:"boxes"`
	Region  []string `json:"region,omitempty"`
	Scorer  viewer   `json:"scorer"`
	Judge   viewer   `json:"judge"`
	forget.Report
}

// A viewer is what an answer says of a scorer.
type viewer struct {
	Name       string         `json:"name"`
	Kind       score.Kind     `json:"kind"`
	AUCHeldout score.Interval `json:"auc_heldout"`
	Half       string         `json:"half,omitempty"`
	Pictures   int            `json:"pictures,omitempty"`
}

func viewerOf(name string, s *score.Scorer) viewer {
	v := viewer{Name: filepath.Base(name), Kind: s.Info.Kind, Half: s.Info.Half, Pictures: s.Info.Pictures}
	if s.Info.Heldout != nil {
		v.AUCHeldout = s.Info.Heldout.AUC
	}
	return v
}

// methods parses --method.
func (c *forgetFlags) methods() ([]forget.Method, error) {
	if slices.Contains(c.Method, "all") {
		return forget.Methods(), nil
	}
	var out []forget.Method
	for _, name := range c.Method {
		m, err := forget.ParseMethod(name)
		if err != nil {
			return nil, usageError("--method: %w, or all", err)
		}
		if slices.Contains(out, m) {
			return nil, usageError("--method %s twice", name)
		}
		out = append(out, m)
	}
	return out, nil
}

// region parses --region.
func (c *forgetFlags) region() (out []score.Box, err error) {
	for _, text := range c.Region {
		parts := strings.Split(text, ",")
		var side [4]float64
		for i := range side {
			if len(parts) == len(side) {
				side[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			}
			if len(parts) != len(side) || err != nil {
				return nil, usageError("--region %.60q, want four numbers: X0,Y0,X1,Y1", text)
			}
		}
		out = append(out, score.Box{X0: side[0], Y0: side[1], X1: side[2], Y1: side[3]})
	}
	return out, nil
}

// boxes reads --boxes: nil without it.
func (c *forgetFlags) boxes(o *opened, concept string, size int) (map[int][]score.Box, error) {
	if c.Boxes == "" {
		return nil, nil
	}
	if !slices.Contains(zoo.BoxNames(), c.Boxes) {
		all, err := dataset.ReadBoxes(c.Boxes)
		if err != nil {
			return nil, err
		}
		return sampleBoxes(all, concept, size)
	}
	if c.Seed != boxedSeed || o.name+"-"+concept != c.Boxes {
		return nil, usageError("--boxes %s are on samples of the embedded model with seed %d: give another file, or leave --seed and the model as they are", c.Boxes, boxedSeed)
	}
	text, err := zoo.Boxes(c.Boxes)
	if err != nil {
		return nil, err
	}
	all, err := dataset.ParseBoxes(c.Boxes, text)
	if err != nil {
		return nil, err
	}
	return sampleBoxes(all, concept, size)
}

const (
	boxedSeed    = 1 // of the samples that embedded boxes are on
	leastSamples = 20
	mostSamples  = 10000
)

func (c *forgetFlags) run(e *env, command, concept string) (err error) {
	if err := checkThreads(c.Threads); err != nil {
		return err
	}
	if c.Samples < leastSamples || c.Samples > mostSamples {
		return usageError("--samples is %d, want %d to %d", c.Samples, leastSamples, mostSamples)
	}
	methods, err := c.methods()
	if err != nil {
		return err
	}
	region, err := c.region()
	if err != nil {
		return err
	}
	if err := (&drawFlags{Out: c.Out}).checkExtension("a PNG", ".png"); err != nil {
		return err
	}
	var files outputs
	defer files.finish(&err)
	out := files.addPicture(c.Out, command+".png", c.Force)
	numbers := files.add("out", strings.TrimSuffix(out, filepath.Ext(out))+".json", c.Force || c.Out == "")
	if err := files.check(); err != nil {
		return err
	}
	o, err := c.open(e)
	if err != nil {
		return err
	}
	g, err := o.generator()
	if err != nil {
		return err
	}
	pool := kernel.NewPool(c.Threads)
	defer pool.Close()
	if err := o.estimate(e, pool); err != nil {
		return err
	}
	scorerName, scorer, err := c.viewer(o, "scorer", c.Scorer, concept)
	if err != nil {
		return err
	}
	judgeName, judge, err := c.viewer(o, "judge", c.Judge, concept)
	if err != nil {
		return err
	}
	boxes, err := c.boxes(o, concept, g.Config().Size)
	if err != nil {
		return err
	}
	subject := &forget.Subject{G: g, D: o.D, Scorer: scorer, Judge: judge, Run: o.running(pool)}
	shown := newCount(e.stderr, "parts", 0)
	defer shown.close()
	study, err := subject.Study(e.ctx, forget.StudyOptions{Methods: methods, Layer: c.Layer, Boxes: boxes, Region: region,
		Samples: c.Samples, Seed: c.Seed, Progress: func(what string, done, of int) { shown.part(what, done, of) }})
	if err != nil {
		return forgetError(err)
	}
	answer := forgotten{Program: "dcganviz", Version: version, Command: command, Image: filepath.Base(out), Model: o.title, SHA256: o.SHA256,
		Concept: concept, Seed: c.Seed, Samples: c.Samples, Boxes: "scorer", Region: c.Region,
		Scorer: viewerOf(scorerName, scorer), Judge: viewerOf(judgeName, judge), Report: study.Report}
	if boxes != nil {
		answer.Boxes = filepath.Base(c.Boxes)
	}
	summary := answer.summary()
	picture, err := drawForgotten(e, study, &answer, summary)
	if err != nil {
		return err
	}
	r := recipe{Command: command, Seed: c.Seed, Parameters: struct {
		Concept string          `json:"concept"`
		Methods []forget.Method `json:"methods"`
		Layer   string          `json:"layer,omitempty"`
		Region  []string        `json:"region,omitempty"`
		Samples int             `json:"samples"`
		Boxes   string          `json:"boxes"`
	}{concept, methods, c.Layer, c.Region, c.Samples, answer.Boxes}}
	o.identify(&r)
	texts, err := r.texts()
	if err != nil {
		return err
	}
	files.set(out, func(w io.Writer) error { return viz.EncodePNG(w, picture, texts) })
	files.set(numbers, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(answer)
	})
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(answer)
	}
	for _, line := range summary {
		e.printf("%s", line)
	}
	e.printf("%s", out)
	return nil
}

// viewer opens the scorer or judge that a flag names, or the embedded one of
// the model and concept.
func (c *forgetFlags) viewer(o *opened, role, where, concept string) (string, *score.Scorer, error) {
	if where == "" {
		where = o.name + "-" + concept + "-" + role
		if !slices.Contains(zoo.Scorers(), where) {
			return "", nil, usageError("no %s of %q comes with %s: make one by dcganviz score fit, and name it by --%s", role, concept, o.title, role)
		}
	}
	s, err := openScorer(where)
	if err != nil {
		return "", nil, fmt.Errorf("--%s: %w", role, err)
	}
	if s.Info.Concept != concept {
		return "", nil, usageError("--%s %s finds %q, want %q", role, where, s.Info.Concept, concept)
	}
	if err := s.Attach(o.D); err != nil {
		return "", nil, usageError("--%s %s: %w", role, where, err)
	}
	return where, s, nil
}
