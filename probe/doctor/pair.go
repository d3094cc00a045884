package doctor

import (
	"context"
	"math/rand/v2"
	"strings"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// otherImages is a misfit of D's running statistics. Above it D was trained on other
// images. G and D of one data set have misfits up to 0.6, even if they are of two runs,
// because D's statistics are over real images too. For G and D of two data sets the
// misfit is 1.5 or more, and for noise 1.3 to 2.
const otherImages = 1

// bothKinds is the limit of the misfit to the mean of G's images and real pictures. Two nets of
// hot learning rates had 0.39 and 0.45 with their own pictures.
const bothKinds = 0.6

// checkPair finds a G and a D that do not belong together: G's images have another shape
// than D takes, or do not fit D's running statistics.
//
// It cannot tell two runs on the same pictures apart. D's logits are reported
// for G's images and for the same images with their pixels shuffled, upside
// down, and noise, but decide nothing: a D that is right about its G scores it
// low, one that was trained through an augmentation cares little for noise, and
// turned kernels may raise what it says.
func checkPair(_ context.Context, p *patient, f *Finding) error {
	if p.D == nil {
		f.conclude(NotApplicable, "", "there is no D")
		return nil
	}
	const advice = "name the D that was trained with this G (--disc, --disc-key)"
	g, d := p.G.Config(), p.D.Config()
	if !g.SameImages(d) {
		gh, gw, gc := g.Dims()
		dh, dw, dc := d.Dims()
		f.conclude(Wrong, advice, "G draws %dx%dx%d, D scores %dx%dx%d", gh, gw, gc, dh, dw, dc)
		return nil
	}
	logits, err := p.logits(f)
	if err != nil {
		return err
	}
	if mean := f.Figure(meanLogit); mean < -lostLoss {
		// Of other programs' nets nobody says that the logit is one: a critic of a Wasserstein
		// GAN gives numbers of any size.
		if p.Meta.Origin == "" {
			f.conclude(Doubtful, WonAdvice, "D has won: it scores G's images below %.5f, so that G learns nothing more; %s", model.Sigmoid(-lostLoss), logits)
			return nil
		}
		logits += sprintf(" (if D was trained by cross-entropy, it has won; the numbers of a critic have no scale)")
	}
	stored, norms := storedSpreads(p.D.State(), p.D.Specs(), p.D.HasRunningStats()), hasNorm(p.D.Specs())
	switch {
	case !norms:
		f.conclude(NotApplicable, "", "D has no batch norm, whose statistics would tell: %s", logits)
		return nil
	case !p.D.HasRunningStats() && p.Meta.BN == checkpoint.RunningStats:
		f.conclude(Doubtful, advice, "D's running statistics are those of a new net: it was never trained; %s", logits)
		return nil
	case !p.D.HasRunningStats():
		f.conclude(NotApplicable, "", "D stores no running statistics, which would tell, and logits do not: %s", logits)
		return nil
	}
	measured, err := spreadsIn(p.D, p.images, p.pool)
	if err != nil {
		return err
	}
	worst, at := p.misfitInD(measured, stored, f)
	f.against(otherImages, worst, "misfit")
	evidence := sprintf("what D's %s sees in G's images misses its running statistics by %.2f (limit %d); %s", at, worst, otherImages, logits)
	if of := p.together(); worst > otherImages && of != "" {
		f.conclude(OK, "", "D and G are of one %s, and D tells G's images from real ones: %s", of, evidence)
		return nil
	}
	if worst > otherImages && p.real.Data != nil {
		both, err := p.withReal(measured)
		if err != nil {
			return err
		}
		m, _ := p.misfitInD(both, stored, nil)
		if f.against(bothKinds, m, "misfit, with real pictures"); m <= bothKinds {
			f.conclude(OK, "", "D was trained on such pictures and on images like G's, and tells them apart: with both it misses by %.2f; %s", m, evidence)
			return nil
		}
	}
	if worst > otherImages {
		f.conclude(Doubtful, advice+"; or G's images are not what they should be: see the other findings", "D was trained on other images than G's: %s", evidence)
		return nil
	}
	f.conclude(OK, "", "D was trained on images like G's: %s", evidence)
	return nil
}

// together says what G and D were found in together, where that leaves no doubt that they
// belong together: a run of this program, or one file of another. "" for neither.
func (p *patient) together() string {
	switch {
	case p.one:
		return "run"
	case p.Told.Foreign && p.DiscSHA256 == "":
		return "file"
	}
	return ""
}

// misfitInD returns the worst misfit of D's running statistics to what was measured, and the
// layer that it is in. With f it adds the figures.
func (p *patient) misfitInD(measured []spread, stored []*spread, f *Finding) (worst float64, at string) {
	for i, s := range stored {
		if s == nil {
			continue
		}
		m := misfitOf(&measured[i], s, epsOf(p.D.Config()), 1).worst()
		if f != nil {
			f.figure(m, "misfit in D's %s", p.D.Layers()[i].Name)
		}
		if m >= worst {
			worst, at = m, p.D.Layers()[i].Name
		}
	}
	return worst, at
}

// withReal returns the means of what D's layers see in G's images and in real pictures: in
// training D sees a batch of the one, then a batch of the other. A D that tells them apart by
// far, as critics do, has statistics that neither fits alone.
func (p *patient) withReal(drawn []spread) ([]spread, error) {
	real, err := spreadsIn(p.D, p.real.Slice(0, min(p.real.Len(), p.images.Len())), p.pool)
	if err != nil {
		return nil, err
	}
	for i := range real {
		for k := range real[i].mean {
			real[i].mean[k] = (real[i].mean[k] + drawn[i].mean[k]) / 2
			real[i].variance[k] = (real[i].variance[k] + drawn[i].variance[k]) / 2
		}
		real[i].count = min(real[i].count, drawn[i].count)
	}
	return real, nil
}

// logits adds the figures of D's logits, and says the means in words.
func (p *patient) logits(f *Finding) (string, error) {
	r := random.New(p.seed, random.DoctorShuffle)
	images := p.images.Slice(0, min(scored, p.images.Len()))
	var words []string
	for _, k := range []struct {
		name string
		x    model.Tensor
	}{{drawnImages, images}, {"upside down", upsideDown(images)}, {"shuffled", shuffled(images, r)}, {"noise", noise(images, r)}} {
		logits, err := p.D.Logits(k.x, p.running())
		if err != nil {
			return "", err
		}
		m, s := meanAndDeviation(logits.Data)
		f.figure(m, "mean logit, %s", k.name)
		f.figure(s, "deviation of logits, %s", k.name)
		words = append(words, sprintf("%s %.1f", k.name, m))
	}
	return "mean logits: " + strings.Join(words, ", "), nil
}

const (
	drawnImages = "G's images"
	meanLogit   = "mean logit, " + drawnImages
)

// scored is how many images are enough for a mean logit.
const scored = 64

// shuffled returns x with the pixels of each image in random order.
func shuffled(x model.Tensor, r *rand.Rand) model.Tensor {
	y, c := x.Clone(), x.Shape[3]
	for i := range y.Len() {
		row := y.Row(i)
		r.Shuffle(len(row)/c, func(a, b int) {
			for k := range c {
				row[a*c+k], row[b*c+k] = row[b*c+k], row[a*c+k]
			}
		})
	}
	return y
}

// upsideDown returns x with the rows of each image in reverse.
func upsideDown(x model.Tensor) model.Tensor {
	y, h := x.Clone(), x.Shape[1]
	width := x.Shape[2] * x.Shape[3]
	for i := range y.Len() {
		for row := range h {
			copy(y.Row(i)[row*width:(row+1)*width], x.Row(i)[(h-1-row)*width:])
		}
	}
	return y
}

// noise returns uniform noise of x's shape.
func noise(x model.Tensor, r *rand.Rand) model.Tensor {
	y := model.NewTensor(x.Shape...)
	for i := range y.Data {
		y.Data[i] = float32(2*r.Float64() - 1)
	}
	return y
}
