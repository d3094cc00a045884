package train

import "context"

// A Source is a set of pictures to train on. A Trainer calls it from one
// goroutine at a time.
type Source interface {
	// Len returns the number of pictures. It must not change.
	Len() int
	// Load writes the pictures of the given indices, each in [0, Len), to dst,
	// which is [len(indices), H, W, C] in [-1, 1]. The same index must always
	// give the same picture. It returns early, with an error, when ctx ends.
	//
	// A source whose pictures may change, as files do, has a method
	//
	//	Sum(i int) uint64
	//
	// that returns a digest of what Load last read for picture i, 0 if it does not know.
	// Then a step with a picture that is not the one of earlier steps, also of earlier
	// sessions, gives ErrChanged.
	Load(ctx context.Context, indices []int, dst []float32) error
}

// A loader reads the batches of a Source one step ahead of the training.
type loader struct {
	src    Source
	seed   uint64
	flips  bool
	order  *Order
	width  int // pixels a row
	row    int // floats a row
	image  int // floats a picture
	batch  int
	ctx    context.Context // of the loads; ends with close
	cancel context.CancelFunc
	spare  [2]*load
	next   *load // under way or done, not taken yet
	taken  *load // the last
}

// A load is one batch on its way.
type load struct {
	step    int
	indices []int
	sums    []uint64 // of the pictures, 0: not known
	x       []float32
	err     error
	done    chan struct{}
}

func newLoader(src Source, seed uint64, flips bool, batch int, shape dims) *loader {
	l := &loader{
		src: src, seed: seed, flips: flips, batch: batch,
		order: newOrder(seed, src.Len()),
		width: shape.w, row: shape.w * shape.c, image: shape.floats(),
	}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	for i := range l.spare {
		l.spare[i] = &load{indices: make([]int, batch), sums: make([]uint64, batch), x: make([]float32, batch*l.image)}
	}
	return l
}

// take returns the batch of a step, counted from 0, and begins the next one in
// the background. The batch is valid until the next take. If ctx ends first,
// the load goes on and a later take finds it.
func (l *loader) take(ctx context.Context, step int) ([]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if l.next != nil && l.next.step != step {
		<-l.next.done
		l.next = nil
	}
	if l.next == nil {
		l.begin(step)
	}
	got := l.next
	select {
	case <-got.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.next = nil
	if got.err != nil {
		return nil, got.err
	}
	l.taken = got
	l.begin(step + 1)
	return got.x, nil
}

// begin starts loading a step's batch into the spare buffer.
func (l *loader) begin(step int) {
	b := l.spare[0]
	l.spare[0], l.spare[1] = l.spare[1], b
	b.step, b.err, b.done = step, nil, make(chan struct{})
	l.next = b
	go func() {
		defer close(b.done)
		l.order.Batch(b.indices, step)
		if b.err = l.src.Load(l.ctx, b.indices, b.x); b.err != nil {
			return
		}
		if src, ok := l.src.(summed); ok {
			for k, i := range b.indices {
				b.sums[k] = src.Sum(i)
			}
		}
		if l.flips {
			l.flip(b.x, step)
		}
	}()
}

// flip mirrors every second picture or so, left to right.
func (l *loader) flip(x []float32, step int) {
	r := stream(l.seed, forFlips, step)
	channels := l.row / l.width
	for i := range l.batch {
		if r.Uint64()&1 == 0 {
			continue
		}
		for img := x[i*l.image : (i+1)*l.image]; len(img) > 0; img = img[l.row:] {
			mirror(img[:l.row], channels)
		}
	}
}

// mirror reverses the pixels of one row.
func mirror(row []float32, channels int) {
	for i, j := 0, len(row)-channels; i < j; i, j = i+channels, j-channels {
		for c := range channels {
			row[i+c], row[j+c] = row[j+c], row[i+c]
		}
	}
}

// close stops the load under way and waits for it.
func (l *loader) close() {
	l.cancel()
	if l.next != nil {
		<-l.next.done
	}
}
