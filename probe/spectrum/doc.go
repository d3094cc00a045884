// Package spectrum measures the patterns of two, four or eight pixels that a
// generator's strides leave in its samples, which are called checkerboard
// artefacts.
//
//	report, err := spectrum.Study(ctx, samples, real, model.RunOptions{}, probe.Settings{Seed: 1})
//	if err != nil {
//		return err
//	}
//	for _, p := range report.Peaks {
//		fmt.Printf("%d px: %+.1f dB [%.1f, %.1f]", p.Period, p.Excess.Mean, p.Excess.Lo, p.Excess.Hi)
//		fmt.Println(", artefact:", p.Artefact(), "of RMS", p.RMS.Mean)
//	}
//
// A Report has the mean power spectra of samples and of real pictures, averaged
// over rings (Radial), and a Peak for each period. A pattern of p pixels has
// power only at the frequencies (j/p, l/p), in cycles per pixel. A frequency counts
// for the shortest period that has it, so period 2 owns three frequencies, period 4
// six, and period 8 twenty-four. At each of them the mean power over images is
// compared, in decibels, with its neighbourhood; a Peak is the mean over its
// frequencies. Intervals draw images of both sets anew.
//
// The control is the same comparison of one half of the real pictures with the
// other. Peak.Artefact tells artefacts from chance. In 400 comparisons of two
// sets of one kind (images of 32x32 pixels with spectra like photographs, 100
// against 200) it found no artefact at any of three periods; AtLeast was positive
// somewhere in 2%, of the 5% allowed. In 50 comparisons of 200 such images, whose
// deviation is 0.25, with a checkerboard of 0.02 it found each, and nothing else.
//
// An artefact need not be visible: averaged over a thousand samples, a pattern of
// a third of a grey level stands out. Peak.RMS tells how strong it is.
//
// Other things make peaks, too. Opposite borders of an image differ, which spreads
// power along the axes; the periodic component of Moisan 2011
// (doi:10.1007/s10851-010-0227-1) is free of that, and keeps a pattern at one
// frequency, where a Hann window smears it over three by three. JPEG leaves a pattern
// of eight pixels in real pictures; an artefact has to be higher than theirs. A notch
// of the real pictures makes an excess without a peak; an artefact has to stand out
// in the samples' own spectrum as well.
//
// The package looks at luma and not at colour, and leaves out what is uneven at
// borders alone. It counts images as independent: if they are crops of one
// photograph, intervals are too narrow.
//
// Odena, Dumoulin & Olah 2016 (doi:10.23915/distill.00003) describe the artefacts.
// Spectra averaged over rings tell generated images apart in Durall, Keuper & Keuper
// 2020 (arXiv:2003.01826), and peaks of mean spectra in Frank et al. 2020
// (arXiv:2003.08685).
package spectrum
