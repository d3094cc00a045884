// Package shell writes command lines that a person may paste.
//
//	line := shell.Join("dcganviz", "train", "--out", shell.File(folder), "--resume")
//
// sh, bash, dash, zsh and fish read each word as it was given, whatever it holds: no
// word is expanded, ends the command or begins another. The shells of Windows quote in
// their own way.
package shell
