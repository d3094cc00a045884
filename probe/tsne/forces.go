package tsne

import "dcganviz/internal/kernel"

// forces computes the gradient of points step after step.
type forces interface {
	// gradient sets g to the gradient at y, with the affinities times
	// exaggeration, and returns the sum of q over ordered pairs.
	gradient(y, g []float64, exaggeration float64) (z float64, err error)
}

// exactForces looks at all pairs.
type exactForces struct {
	pool      *kernel.Pool
	a         *Affinities
	repulsion []float64
}

func (f *exactForces) gradient(y, g []float64, exaggeration float64) (float64, error) {
	z := repelExactly(f.pool, y, f.repulsion)
	attractExactly(f.pool, f.a, y, g)
	for i := range g {
		g[i] = 4 * (float64(exaggeration*g[i]) - f.repulsion[i]/z)
	}
	return z, nil
}

// gridForces repels by a grid, and attracts along the affinities in float32.
type gridForces struct {
	pool             *kernel.Pool
	a                *Affinities
	p                []float32 // of a
	field            *field
	at               [][2]float32 // the points
	potential, force []float32
	sums             []float64
}

func newGridForces(pool *kernel.Pool, a *Affinities) *gridForces {
	n := a.Len()
	f := &gridForces{pool: pool, a: a, field: newField(pool, n)}
	f.p = make([]float32, len(a.P))
	for i, v := range a.P {
		f.p[i] = float32(v)
	}
	f.at = make([][2]float32, n)
	f.potential, f.force = make([]float32, n), make([]float32, 2*n)
	f.sums = make([]float64, pointTasks(n))
	return f
}

func (f *gridForces) gradient(y, g []float64, exaggeration float64) (float64, error) {
	if err := f.field.compute(y, f.potential, f.force); err != nil {
		return 0, err
	}
	n := f.a.Len()
	f.pool.Run(pointTasks(n), func(task, _ int) {
		sum := 0.
		for i := pointTask * task; i < min(pointTask*(task+1), n); i++ {
			sum += float64(f.potential[i])
			f.at[i] = [2]float32{float32(y[2*i]), float32(y[2*i+1])}
		}
		f.sums[task] = sum
	})
	z := -float64(n) // what the points do to themselves
	for _, v := range f.sums {
		z += v
	}
	f.pool.Run(pointTasks(n), func(task, _ int) {
		for i := pointTask * task; i < min(pointTask*(task+1), n); i++ {
			fx, fy := f.attract(i)
			g[2*i] = 4 * (float64(exaggeration*float64(fx)) - float64(f.force[2*i])/z)
			g[2*i+1] = 4 * (float64(exaggeration*float64(fy)) - float64(f.force[2*i+1])/z)
		}
	})
	return z, nil
}

// attract returns the sum over j of p_ij q_ij (y_i - y_j).
func (f *gridForces) attract(i int) (fx, fy float32) {
	from, to := f.a.Start[i], f.a.Start[i+1]
	index, p := f.a.Index[from:to], f.p[from:to]
	p = p[:len(index)]
	x, y := f.at[i][0], f.at[i][1]
	for k, j := range index {
		o := &f.at[j]
		dx, dy := x-o[0], y-o[1]
		w := p[k] / (1 + float32(dx*dx) + float32(dy*dy))
		fx += float32(w * dx)
		fy += float32(w * dy)
	}
	return fx, fy
}
