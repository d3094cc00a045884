package figure

import (
	"fmt"
	"strings"
)

// Captions are what one reads while the film runs: one sentence of what is seen, one
// number with its control. Words say more.

func (r *FilmResult) title() string {
	if r.With == "" {
		return "What a DCGAN draws: " + r.Walks[0].Model
	}
	return "What two DCGANs draw: " + r.Walks[0].name + " and " + r.Walks[1].name
}

func (r *FilmResult) titleCaption() string {
	return "A generator made each image of random numbers, its latent. None is a photograph."
}

const walkTitle = "A walk between random latents, and back"

// A filmAudit is what the audits of a film's walks found together.
type filmAudit struct {
	of        int     // walks that were audited
	sharp     bool    // a step of one is
	unseen    bool    // a memoriser was not flagged
	most      float64 // times the median change, of the sharpest
	still     float64 // the least share in which a memoriser stands still
	threshold float64
	stored    int
}

func (r *FilmResult) audits() filmAudit {
	a := filmAudit{still: 1}
	for _, w := range r.Walks {
		if w.Audit == nil || len(w.Audit.Spaces) == 0 {
			continue
		}
		a.of++
		a.threshold, a.stored = w.Audit.Threshold, w.Audit.Stored
		for _, s := range w.Audit.Spaces {
			a.sharp, a.unseen = a.sharp || s.Walk.Sharp, a.unseen || !s.Memoriser.Sharp
			a.still = min(a.still, s.Memoriser.Still)
			if s.Walk.TimesMedian != nil {
				a.most = max(a.most, *s.Walk.TimesMedian)
			}
		}
	}
	return a
}

func (a *filmAudit) verdict() string {
	switch {
	case a.of == 0:
		return "Nothing says whether the walks jump."
	case a.unseen:
		return "Nothing follows from the walks: a control, which jumps on purpose, did not set off the alarm."
	case a.sharp:
		return "A walk jumps."
	}
	return "Smooth walks: no sudden jumps."
}

func (r *FilmResult) walkCaption() string {
	a := r.audits()
	switch {
	case a.of == 0 || a.unseen:
		return a.verdict()
	case a.sharp:
		return fmt.Sprintf("%s A jump is %g times the usual change.", a.verdict(), a.threshold)
	}
	return fmt.Sprintf("Images turn into each other: no change is more than %.1f times the usual one, and %g would be a jump. A program that shows stored samples instead stands still and jumps.", a.most, a.threshold)
}

func (r *FilmResult) sumTitle() string {
	s := r.Sum
	return fmt.Sprintf("A sum of concepts: %s − %s + %s", s.A.Name, s.B.Name, s.C.Name)
}

func (r *FilmResult) sumCaption() string {
	s := r.Sum
	above := "Above, G draws means of latents, and their sum; below, pixels are added."
	if !s.judged() {
		return above
	}
	pixels := "not of the sum of pixels"
	if *s.Pixels.Wanted > 0 {
		pixels = "of the sum of pixels, too"
	}
	return fmt.Sprintf("%s Scorers say %q of %s sums of latents, %s, and of %s of random samples.", above, s.Gives, wantedOf(s.Result), pixels, s.chance())
}

// judged reports whether scorers say what comes out.
func (s *FilmSum) judged() bool {
	return s.Result.Wanted != nil && s.Pixels.Wanted != nil && s.Samples.Wanted != nil
}

// chance is how many random samples are as wanted.
func (s *FilmSum) chance() string {
	return percent(float64(*s.Samples.Wanted) / float64(max(s.Samples.Images, 1)))
}

func (r *FilmResult) forgettingTitle() string {
	return strings.ToUpper(r.Forgetting.Concept[:1]) + r.Forgetting.Concept[1:] + "s become wall"
}

func (r *FilmResult) forgettingCaption() string {
	f := r.Forgetting
	return fmt.Sprintf("Where a detector finds %ss, G's activations are filled from around. A judge then sees %s less %s area; with pixels filled in their place, %s less.",
		f.Concept, percent(f.Filled.Removed.Mean), f.Concept, percent(f.PixelFill.Removed.Mean))
}

// Words say what the scenes show, a sentence each.
func (r *FilmResult) Words() (w Words) {
	w = r.walkWords()
	for _, scene := range []Words{r.Sum.words(), r.Forgetting.words()} {
		w.Verdict, w.Number, w.Control = joined(w.Verdict, scene.Verdict), joined(w.Number, scene.Number), joined(w.Control, scene.Control)
		w.More = append(w.More, scene.More...)
	}
	return w
}

func (r *FilmResult) walkWords() Words {
	a := r.audits()
	w := Words{Verdict: a.verdict()}
	if a.of > 0 {
		w.Number = fmt.Sprintf("The largest change of the walks is %.1f times the usual; the alarm is at %g.", a.most, a.threshold)
		control := "sets it off"
		if a.unseen {
			control = "does not set it off everywhere"
		}
		w.Control = fmt.Sprintf("A memoriser, which jumps between %d stored samples, %s.", a.stored, control)
		w.More = some(fmt.Sprintf("The memoriser stands still in %s of the parts. A smooth walk does not prove that nothing was memorised: dcganviz nearest looks for copies.", percent(a.still)))
	}
	return w
}

func (s *FilmSum) words() (w Words) {
	switch {
	case s == nil:
		return w
	case !s.judged():
		w.Verdict = s.Formula + ": nothing says what should come out."
		w.Control = "Below the sum of latents is the same sum of pixels, which only overlays the images."
		return w
	}
	w.Verdict = fmt.Sprintf("%s: %s results are as wanted.", s.Formula, wantedOf(s.Result))
	pixels := "is not"
	if *s.Pixels.Wanted > 0 {
		pixels = "is as wanted, too, so these attributes do not tell the two apart"
	}
	w.Control = fmt.Sprintf("The same sum of pixels %s; of random samples %s are.", pixels, s.chance())
	w.More = some(fmt.Sprintf("As wanted means %s. The results are the sum and eight latents within %.2g of it. The exemplars are those that the formula names, chosen to suit it: dcganviz arithmetic adds fresh ones.", criteria(s.Wanted), s.Reach))
	return w
}

func (f *FilmForgetting) words() (w Words) {
	if f == nil {
		return w
	}
	w.Verdict = fmt.Sprintf("Filling where a detector sees %ss takes most of them away, and so does filling pixels.", f.Concept)
	if f.Filled.Removed.Lo < .5 || f.PixelFill.Removed.Lo < .5 {
		w.Verdict = fmt.Sprintf("Filling where a detector sees %ss takes %s of them away, filling pixels %s.", f.Concept, percent(f.Filled.Removed.Mean), percent(f.PixelFill.Removed.Mean))
	}
	w.Number = fmt.Sprintf("Of the area in which a judge sees the concept %s goes, on %d samples, at RMSE %s elsewhere.", eachPercent(f.Filled.Removed), f.Samples, thousandths(f.Filled.OutsideRMSE))
	w.Control = fmt.Sprintf("The same surface over the pixels removes %s at RMSE %s; activations filled where the next sample has the concept, %s.",
		eachPercent(f.PixelFill.Removed), thousandths(f.PixelFill.OutsideRMSE), eachPercent(f.Elsewhere.Removed))
	w.More = some(fmt.Sprintf("Activations of %s are filled. A filling is a detector at run time and a fill: it says nothing of what G knows. Between the samples and the filled ones, G draws with activations moved a part of the way. dcganviz forget-windows measures it, and methods that drop maps, on more samples.", f.Layer))
	return w
}

// Describe says on the page what the scenes show.
func (r *FilmResult) Describe(b *Block) error {
	if len(r.Walks) != 2 {
		return fmt.Errorf("%d walks, want 2", len(r.Walks))
	}
	scenes := []struct{ name, text string }{{"First", r.titleCaption()}, {walkTitle, r.walkCaption()}}
	of := []string{"walks through random latents"}
	if r.Sum != nil {
		of = append(of, "a sum of concepts")
		scenes = append(scenes, struct{ name, text string }{r.sumTitle(), r.sumCaption()})
	}
	if f := r.Forgetting; f != nil && f.Concept != "" {
		of = append(of, "a concept forgotten")
		scenes = append(scenes, struct{ name, text string }{r.forgettingTitle(), r.forgettingCaption()})
	}
	models := r.Walks[0].Model
	if r.With != "" {
		models += " and " + r.With
	}
	b.Done = fmt.Sprintf("A film of %.3g seconds shows %s, by %s. The sheet has a still of each scene.", r.Seconds(), andList(of), models)
	b.Look = "Images that turn into each other, terms that add up, and a concept that goes while the rest stays. Each caption has a number and its control."
	b.Alt = "Stills of a film: " + andList(of)
	b.say(r.Words())
	if g, ok := b.Group(0, len(scenes)); ok {
		for i, s := range scenes {
			b.Add(g, i, s.name, s.text, "")
		}
	}
	return nil
}
