package figure

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
)

// The roles of those who look.
const (
	roleScorer = "scorer"
	roleGuide  = "guide"
	roleJudge  = "judge"
)

// view finds those who look at what the subject draws. It refuses a judge that is the scorer
// or the guide: a method can fool the viewer that guided it.
func (c *ForgetOptions) view(lab *Lab, a *ForgetResult, s *forget.Subject) error {
	scorer, err := c.viewer(lab, roleScorer, c.Scorer, a.Concept, &a.Scorer)
	if err != nil {
		return err
	}
	judge, err := c.viewer(lab, roleJudge, c.Judge, a.Concept, &a.Judge)
	if err != nil {
		return err
	}
	s.Scorer, s.Judge, s.Guide = scorer, judge, forget.Agreed(scorer)
	guides := map[string]*score.Scorer{roleScorer: scorer}
	if c.Guide != "" || slices.Contains(zoo.Scorers(), embeddedViewer(lab, a.Concept, roleGuide)) {
		a.Guide = new(Viewer)
		guide, err := c.viewer(lab, roleGuide, c.Guide, a.Concept, a.Guide)
		if err != nil {
			return err
		}
		s.Guide, s.Second, guides[roleGuide] = forget.Agreed(scorer, guide), guide, guide
	}
	for _, role := range []string{roleScorer, roleGuide} {
		if guides[role] == nil {
			continue
		}
		same, err := sameScorer(guides[role], judge)
		if err != nil {
			return err
		}
		if same {
			return usage("the judge is the %s: a method can fool the viewer that guided it; name another by --judge, fitted on other pictures, as dcganviz score pair does", role)
		}
	}
	return nil
}

// viewer opens what a flag names, or the embedded one of the concept. It says in said what
// it is.
func (c *ForgetOptions) viewer(lab *Lab, role, where, concept string, said *Viewer) (*score.Scorer, error) {
	if where == "" {
		if where = embeddedViewer(lab, concept, role); where == "" {
			return nil, noViewer(lab, concept, role)
		}
	}
	s, err := OpenScorer(where)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", role, err)
	}
	if s.Info.Concept != concept {
		return nil, usage("--%s %s finds %q, want %q", role, where, s.Info.Concept, concept)
	}
	if err := lab.attach(s, "--"+role+" "+where); err != nil {
		return nil, err
	}
	*said = viewerOf(where, s)
	said.AUCSamples, err = aucOnSamples(lab, concept, s)
	return s, err
}

// embeddedViewer returns the name of the embedded viewer of a concept in a role: of the one
// that comes with the model, or of one on pixels that comes with another model and fits the
// images, unless the model is embedded and of other pictures. Another model's scorer on D's features looks at no other D, so that its guide, on
// pixels, is the scorer there. A viewer of whole images says nothing of places. The name is
// empty if there is none.
func embeddedViewer(lab *Lab, concept, role string) string {
	own := lab.Name + "-" + concept + "-" + role
	if slices.Contains(zoo.Scorers(), own) {
		return own
	}
	if role == roleGuide {
		return ""
	}
	roles := []string{role}
	if role == roleScorer {
		roles = append(roles, roleGuide)
	}
	for _, role := range roles {
		for _, name := range zoo.Scorers() {
			if !strings.HasSuffix(name, "-"+concept+"-"+role) || lab.Name != "" && !strings.HasPrefix(name, lab.family()+"-") {
				continue
			}
			if s, err := OpenScorer(name); err == nil && s.Info.Kind == score.Pixels && s.Info.Side > 1 && lab.attach(s, name) == nil {
				return name
			}
		}
	}
	return ""
}

// noViewer says what to do where no viewer of a concept is embedded: to name a concept that
// is known, or to fit viewers.
func noViewer(lab *Lab, concept, role string) error {
	const fit = "fit a scorer and a judge by dcganviz score pair, and name them by --scorer and --judge"
	known := viewedConcepts()
	single := strings.TrimSuffix(strings.ToLower(concept), "s")
	switch {
	case slices.Contains(known, concept):
		return usage("no embedded %s of %q looks at images like those of %s: %s", role, concept, lab.Model.Title, fit)
	case slices.Contains(known, single):
		return usage("no %s of %q is embedded: did you mean --concept %s?", role, concept, single)
	}
	return usage("no %s of %q is embedded, only those of %s: %s", role, concept, andList(known), fit)
}

// viewedConcepts returns the concepts that embedded scorers and judges look for.
func viewedConcepts() (all []string) {
	for _, name := range zoo.Scorers() {
		stem, ok := strings.CutSuffix(name, "-"+roleJudge)
		if ok && slices.Contains(zoo.Scorers(), stem+"-"+roleScorer) {
			all = append(all, stem[strings.LastIndexByte(stem, '-')+1:])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sameScorer reports whether two scorers are the same, by what their files hold.
func sameScorer(a, b *score.Scorer) (bool, error) {
	var files [2]bytes.Buffer
	for i, s := range []*score.Scorer{a, b} {
		if err := s.Write(&files[i]); err != nil {
			return false, err
		}
	}
	return bytes.Equal(files[0].Bytes(), files[1].Bytes()), nil
}
