// Package plain makes text from outside fit for a terminal: names of files, of
// tensors and of concepts may hold characters that move the cursor, set the title of
// the window or turn the order of the letters around.
//
//	out := plain.NewWriter(os.Stdout)
//	defer out.Flush()
//	fmt.Fprintln(out, name) // evil\x1b]0;pwned\x07.pth
//
// Letters, marks, digits, signs and spaces of any language stay as they are. All
// else is shown as an escape in the manner of Go: \x1b, \u202e. The zero-width
// joiners stay, too: some languages spell with them, and they steer nothing.
//
// What is shown so cannot be told from a name that holds the escape itself.
package plain
