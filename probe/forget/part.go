package forget

// part returns the baseline of its first n samples, without photographs.
func (b *Baseline) part(n int) *Baseline {
	n = min(n, b.x.Len())
	p := *b
	p.z, p.x, p.outside, p.other = b.z.Slice(0, n), b.x.Slice(0, n), b.outside[:n], b.other.Slice(0, n)
	p.photographs = nil
	s := *b.seen
	p.seen = &s
	s.maps, s.judge, s.scorer, s.second = s.maps.Slice(0, n), s.judge.first(n), s.scorer.first(n), s.second.first(n)
	if s.logit != nil {
		s.logit, s.features, p.far = s.logit[:n], s.features.Slice(0, n), b.far[:n]
	}
	return &p
}
