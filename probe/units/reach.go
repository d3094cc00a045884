package units

import "dcganviz/model"

// reach returns the most pixels, down and across, that one location of the
// layer of that number can change: what the kernels after it add up to.
func reach(specs []model.LayerSpec, layers []model.LayerInfo, layer int) (height, width int) {
	span := func(at int, kernel func(*model.LayerSpec) int, side func(model.LayerInfo) int) int {
		from, to := at, at
		for i := layer + 1; i < len(specs); i++ {
			s, k := &specs[i], kernel(&specs[i])
			stride, last := max(1, s.Stride), side(layers[i])-1
			switch s.Kind {
			case model.ConvTranspose2D:
				from, to = from*stride-s.Padding, to*stride-s.Padding+k-1
			case model.Conv2D:
				if s.Upsample > 1 {
					from, to = s.Upsampling.Reach(side(layers[i-1]), s.Upsample, from, to)
				}
				// Output o reads o*stride-padding to o*stride-padding+k-1.
				from, to = (max(0, from+s.Padding-k+1)+stride-1)/stride, (to+s.Padding)/stride
			case model.Linear:
				from, to = 0, last
			}
			from, to = max(from, 0), min(to, last)
		}
		return max(0, to-from+1)
	}
	for y := range layers[layer].Height {
		height = max(height, span(y, func(s *model.LayerSpec) int { return s.KernelHeight }, func(l model.LayerInfo) int { return l.Height }))
	}
	for x := range layers[layer].Width {
		width = max(width, span(x, func(s *model.LayerSpec) int { return s.KernelWidth }, func(l model.LayerInfo) int { return l.Width }))
	}
	return height, width
}
