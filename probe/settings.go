package probe

// Settings are what the options of every experiment begin with.
type Settings struct {
	// Seed decides every random number.
	Seed uint64
	// Progress, if not nil, is told what is being done, and how many of how many
	// parts are done.
	Progress func(what string, done, of int)
}

// Say tells Progress, if there is one.
func (s *Settings) Say(what string, done, of int) {
	if s.Progress != nil {
		s.Progress(what, done, of)
	}
}
