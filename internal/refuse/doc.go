// Package refuse says why a file from outside is not taken: it is damaged, it
// asks for too much, or it holds what cannot be used. The readers of files
// share these errors, so that whoever reads several formats asks once.
//
//	if n > maxHeader {
//		return refuse.TooLarge("header of %d bytes, want at most %d", n, maxHeader)
//	}
//	...
//	errors.Is(err, refuse.ErrTooLarge)
//
// Messages name what was found and what was wanted; the file is named by
// whoever opened it. What they repeat of a file goes through Quote.
package refuse
