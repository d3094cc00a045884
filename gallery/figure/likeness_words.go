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
	w.Number = fmt.Sprintf("KID, a distance between the two kinds in the features of a fixed random net, is %s for %s of %d samples and %s of %s; 0 is no difference. Coverage, the share of pictures that a sample comes near, is %s; recall, the share that looks like some sample, %s; precision, the share of samples that looks like some picture, %s; density %s (%d neighbours; after ± the standard deviation between sets).",
		distance(k.KID, "%.2f"), plural(k.Sets, "set"), k.Images, pictures, images, share(k.Coverage, k.SD.Coverage), share(k.Recall, k.SD.Recall), share(k.Precision, k.SD.Precision), share(k.Density, k.SD.Density), r.Neighbours)
	w.Number += fmt.Sprintf(" By a bounded kernel, which no single image can carry, the distance is %s of at most 2.", distance(k.Bounded, "%.4f"))
	if len(r.Halves) < 2+int(kid.EightReal) {
		return w
	}
	own, real, eight := r.Halves[0], r.Halves[1], r.Halves[1+int(kid.EightReal)]
	byKID, byOverlap := k.KID.Lo > 0 || k.Bounded.Lo > 0, fewer(own, real)
	switch {
	case byKID:
		w.Found = "Samples differ from real pictures."
	case byOverlap:
		w.Found = "Samples lack some of what real pictures have, though KID does not tell the two apart."
	default:
		w.Found = "Neither KID nor coverage nor recall tells samples from real pictures. That does not prove them alike."
	}
	w.Control = fmt.Sprintf("Like for like, %d images against one half of the pictures, %s: samples have KID %s, coverage %.2f and recall %.2f; the other half, which is real, %s, %.2f and %.2f. ",
		own.Images, times(own.Sets), ranged(own.KID), own.Coverage, own.Recall, ranged(real.KID), real.Coverage, real.Recall)
	w.Control += fmt.Sprintf("Eight real pictures over and over have KID %s", ranged(eight.KID))
	switch {
	case eight.KID.Least > own.KID.Most:
		w.Control += fmt.Sprintf(" and coverage %.2f.", eight.Coverage)
	case eight.KID.Most < own.KID.Least:
		w.Control += fmt.Sprintf(", nearer than the samples: KID does not see what they lack. Coverage does: there it is %.2f.", eight.Coverage)
	case eight.Bounded.Least > own.Bounded.Most:
		w.Control += fmt.Sprintf(": KID cannot tell the samples from a generator that draws only eight pictures. The bounded kernel can, %.3f against %.3f, and coverage, %.2f.", eight.Bounded.Value, own.Bounded.Value, eight.Coverage)
	default:
		w.Control += fmt.Sprintf(": neither kernel can tell the samples from a generator that draws only eight pictures. Coverage can: there it is %.2f.", eight.Coverage)
	}
	return w
}

// fewer reports whether samples cover or recall less than real pictures do, by more than
// two standard deviations of both.
func fewer(own, real kid.Comparison) bool {
	less := func(a, b, sdA, sdB float64) bool { return a < b && (b-a)*(b-a) > 4*(sdA*sdA+sdB*sdB) }
	return own.Sets > 1 && (less(own.Coverage, real.Coverage, own.SD.Coverage, real.SD.Coverage) || less(own.Recall, real.Recall, own.SD.Recall, real.SD.Recall))
}

// distance writes an estimate with its standard error and its spread.
func distance(e kid.Estimate, format string) string {
	text := fmt.Sprintf(format+" ± "+format+" (95%% interval "+format+" to "+format, e.Value, e.SE, e.Lo, e.Hi)
	if e.SD > 0 {
		text += fmt.Sprintf("; single sets vary by "+format, e.SD)
	}
	return text + ")"
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
