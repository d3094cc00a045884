package refuse

import (
	"errors"
	"strings"
	"testing"
)

func TestErrorsSayTheirCause(t *testing.T) {
	cause := errors.New("first")
	for want, err := range map[error]error{
		ErrCorrupt:     Corrupt("axis %d: %w", 3, cause),
		ErrTooLarge:    TooLarge("axis %d: %w", 3, cause),
		ErrUnsupported: Unsupported("axis %d: %w", 3, cause),
	} {
		if text := "axis 3: first: " + want.Error(); err.Error() != text || !errors.Is(err, want) || !errors.Is(err, cause) {
			t.Errorf("%v, want %q of both causes", err, text)
		}
	}
}

func TestKindIsNotRepeated(t *testing.T) {
	cause, kind := errors.New("first"), errors.New("kind")
	if err := Of(kind, "axis %d: %w", 3, cause); err.Error() != "axis 3: first" || !errors.Is(err, kind) || !errors.Is(err, cause) {
		t.Errorf("%v, want an error of both", err)
	}
}

func TestQuoteIsSafeToShow(t *testing.T) {
	for in, want := range map[string]string{
		"":                             `""`,
		"main.0.weight":                `"main.0.weight"`,
		"\x1b[31m\n\u202e":             `"\x1b[31m\n\u202e"`,
		"立面":                           `"立面"`,
		strings.Repeat("a", 80):        `"` + strings.Repeat("a", 80) + `"`,
		strings.Repeat("a", 81):        `"` + strings.Repeat("a", 80) + `"...`,
		strings.Repeat("a", 79) + "面面": `"` + strings.Repeat("a", 79) + `"...`, // not half a letter
		strings.Repeat("\x80", 200):    `""...`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}
