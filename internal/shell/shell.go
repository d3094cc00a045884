package shell

import (
	"path/filepath"
	"regexp"
	"strings"
)

// plain is a word that no shell takes for more. zsh expands a word that begins with =,
// and with some settings what follows the = of a flag.
var plain = regexp.MustCompile(`^[A-Za-z0-9_.,:+/-]+(=[A-Za-z0-9_.,:+/-]*)?$`)

// Plain reports whether a word needs no quotes.
func Plain(word string) bool { return plain.MatchString(word) }

// hard are the characters that fish reads between single quotes in another way than the
// others. All of them read these between double quotes alike.
var hard = strings.NewReplacer(`'`, `'"'"'`, `\`, `'"\\"'`)

// Quote returns a word, in quotes if it needs some. Control characters stay as they are:
// nobody should paste a word that holds some.
func Quote(word string) string {
	if Plain(word) {
		return word
	}
	return "'" + hard.Replace(word) + "'"
}

// Join returns the command line of words.
func Join(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Quote(w)
	}
	return strings.Join(quoted, " ")
}

// File returns a path that no command takes for a flag.
func File(path string) string {
	path = filepath.ToSlash(path)
	if strings.HasPrefix(path, "-") {
		return "./" + path
	}
	return path
}
