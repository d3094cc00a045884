package units

// Paints reports whether the unit changes the image where it is active more than
// elsewhere, beyond what its favourite places and units as strong explain.
func (u *Unit) Paints() bool {
	return u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil &&
		u.Concentration.Lo > max(u.Shuffled.Hi, *u.Matched.Concentration)
}
