package figure

import (
	"fmt"

	"dcganviz/probe/kid"
)

// LikenessWords say how near the samples of a report come to the pictures named images.
func LikenessWords(r *kid.Report, images string) (w Words) {
	k := r.Whole
	pictures := plural(k.Real, "picture")
	if r.Sources > 0 {
		pictures = fmt.Sprintf("%s, of %d photographs,", pictures, r.Sources)
	}
	w.Number = fmt.Sprintf("KID is %s for %s of %d samples and %s of %s; 0 is no difference.", distance(k.KID, "%.2f"), plural(k.Sets, "set"), k.Images, pictures, images)
	w.More = []string{
		"KID is a distance in the features of a fixed random net." + variation(k.KID, "%.2f") + fmt.Sprintf(" By a bounded kernel, which no single image can carry, the distance is %s of at most 2.", distance(k.Bounded, "%.4f")) + variation(k.Bounded, "%.4f"),
		fmt.Sprintf("Coverage, the share of pictures that a sample comes near, is %s; recall, the share that looks like some sample, %s; precision, the share of samples that looks like some picture, %s; density %s (%d neighbours; after ± the standard deviation between sets).",
			share(k.Coverage, k.SD.Coverage), share(k.Recall, k.SD.Recall), share(k.Precision, k.SD.Precision), share(k.Density, k.SD.Density), r.Neighbours),
	}
	if len(r.Halves) < 2+int(kid.EightReal) {
		return w
	}
	own, real, eight := r.Halves[0], r.Halves[1], r.Halves[1+int(kid.EightReal)]
	switch {
	case own.Sets == 0:
		w.Verdict = "Nothing follows: numbers of older versions have no intervals."
	case k.KID.Lo > 0 || k.Bounded.Lo > 0:
		w.Verdict = "Samples differ from real pictures."
	case fewer(own, real):
		w.Verdict = "Samples lack some of what real pictures have, though KID does not tell the two apart."
	default:
		w.Verdict = "Neither KID nor coverage nor recall tells samples from real pictures. That does not prove them alike."
	}
	w.Control = fmt.Sprintf("Against one half of the pictures samples have KID %s, the other half, which is real, %s, eight real pictures over and over %s.", ranged(own.KID), ranged(real.KID), ranged(eight.KID))
	w.More = append(w.More, fmt.Sprintf("These are %d images each, %s. Coverage and recall of the samples are there %.2f and %.2f, of the real half %.2f and %.2f, of the eight pictures %.2f and %.2f; by the bounded kernel samples are at %.3f, the eight pictures at %.3f.",
		own.Images, times(own.Sets), own.Coverage, own.Recall, real.Coverage, real.Recall, eight.Coverage, eight.Recall, own.Bounded.Value, eight.Bounded.Value))
	switch {
	case own.Sets == 0, eight.KID.Least > own.KID.Most: // older numbers have no sets
	case eight.KID.Most < own.KID.Least:
		w.Verdict += " By KID eight real pictures over and over are nearer: it does not see what the samples lack, coverage does."
	case eight.Bounded.Least > own.Bounded.Most:
		w.Verdict += " KID cannot tell them from eight pictures over and over; the bounded kernel and coverage can."
	default:
		w.Verdict += " No kernel can tell them from eight pictures over and over; coverage can."
	}
	return w
}

// fewer reports whether samples cover or recall less than real pictures do, by more than
// two standard deviations of both.
func fewer(own, real kid.Comparison) bool {
	less := func(a, b, sdA, sdB float64) bool { return a < b && (b-a)*(b-a) > 4*(sdA*sdA+sdB*sdB) }
	return own.Sets > 1 && (less(own.Coverage, real.Coverage, own.SD.Coverage, real.SD.Coverage) || less(own.Recall, real.Recall, own.SD.Recall, real.SD.Recall))
}

// distance writes an estimate with its standard error and its interval.
func distance(e kid.Estimate, format string) string {
	return fmt.Sprintf(format+" ± "+format+" (95%% interval "+format+" to "+format+")", e.Value, e.SE, e.Lo, e.Hi)
}

// variation says how far an estimate varies between sets.
func variation(e kid.Estimate, format string) string {
	if e.SD == 0 {
		return ""
	}
	return fmt.Sprintf(" Single sets vary by "+format+".", e.SD)
}

// ranged writes the mean of several sets with their range.
func ranged(e kid.Estimate) string {
	if e.Least == e.Most {
		return fmt.Sprintf("%.2f", e.Value)
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", e.Value, e.Least, e.Most)
}

func share(v, sd float64) string {
	if sd == 0 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.2f ± %.2f", v, sd)
}

func times(n int) string {
	if n == 1 {
		return "halved once"
	}
	return fmt.Sprintf("halved %d times (in brackets the range)", n)
}
