// Package complete completes the command lines of a kong parser in bash, zsh and
// fish.
//
// The user installs what Script returns. Whenever Tab is pressed, the script asks
// the program, by the hidden command Command, what may stand at the cursor:
//
//	program __complete bash BREAKS LINE
//	program __complete zsh|fish WORD... WORD-AT-THE-CURSOR
//
// The program passes the words behind Command to Answer:
//
//	if args[0] == complete.Command {
//		complete.Answer(os.Stdout, parser.Model.Node, sources, args[1:])
//	}
//
// The parser knows commands and flags. What a flag or an argument may be, its
// struct tags say:
//
//	enum:"g,d"          one of these; kong itself refuses others
//	choices:"g,d"       one of these; the program itself refuses others
//	alone:"all"         the value is a list of choices; this one stands alone
//	complete:"models"   what the Source of that name offers
//
// The value of a slice is a list, with commas between its elements. Of a map, a
// Source offers the keys, and each value is a file. A text without any of these
// tags is a file, or a folder if it is a flag with the placeholder DIR or an
// argument called dir. Nothing is offered for other values.
//
// The package checks nothing, and has no errors: whoever presses Tab wants none.
package complete
