package gallery

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// A Picture is one of the folder, with what is known of it.
type Picture struct {
	// File is its name in the folder of the page.
	File string
	// Width and Height in pixels.
	Width, Height int
	// Command, Model, SHA256 and Args are the recipe's: the command that drew it,
	// the embedded model's name or nothing, the digest of any, and the flags.
	Command, Model, SHA256 string
	Args                   []string
	// CommandLine draws it again. Empty: none is shown.
	CommandLine string
	// Numbers are the JSON beside it, or nil.
	Numbers []byte
	// Thumbs are the pictures of a map's points, or nil.
	Thumbs *Thumbs
}

// Thumbs are many small pictures in one, beside that of a map. They are used if
// the map's numbers name their SHA-256.
type Thumbs struct {
	File          string
	Width, Height int
	SHA256        string
}

// A Note is on a file that is not on the page, or not in full.
type Note struct{ File, Text string }

// Options says what is on the page besides pictures.
type Options struct {
	// Title of the page. Empty: "results".
	Title string
	// Notes on what was left out.
	Notes []Note
	// ModelFlags are the flags, without dashes, that say how a file of weights is
	// to be read: commands that draw from the same model repeat them.
	ModelFlags []string
}

// MostPictures is how many pictures a page has at most.
const MostPictures = 300

// mark is how a page of this package begins.
const mark = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta name=\"generator\" content=\"dcganviz gallery\">\n"

// MarkBytes is how many bytes IsPage needs.
const MarkBytes = len(mark)

// IsPage reports whether a file that begins so is a page of this package's.
func IsPage(begins []byte) bool { return bytes.HasPrefix(begins, []byte(mark)) }

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in order.
var scripts = []string{"dom.js", "theme.js", "zoom.js", "tiles.js", "scrub.js", "wipe.js", "table.js", "points.js", "keys.js", "start.js"}

var page = template.Must(template.New("page.html").ParseFS(assets, "assets/page.html"))

// Page returns the page of pictures, in the order of the paper's figures, then
// of commands, then of names. No pictures and more than MostPictures are errors.
// Numbers that cannot be read, or are of another picture, are not used, which
// the figure says.
func Page(pictures []Picture, o Options) ([]byte, error) {
	if n := len(pictures); n == 0 || n > MostPictures {
		return nil, fmt.Errorf("gallery: %d pictures, want 1 to %d", n, MostPictures)
	}
	var script strings.Builder
	script.WriteString("\n\"use strict\";\n(() => {\n")
	for _, name := range scripts {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return nil, err
		}
		script.Write(text)
	}
	script.WriteString("})();\n")
	style, err := assets.ReadFile("assets/page.css")
	if err != nil {
		return nil, err
	}
	if o.Title == "" {
		o.Title = "results"
	}
	var out bytes.Buffer
	out.WriteString(mark)
	err = page.Execute(&out, struct {
		Options
		Figures []*figure
		Policy  string
		Style   template.CSS
		Script  template.JS
	}{
		o, figures(pictures, o), policy(string(style), script.String()), template.CSS(style), template.JS(script.String()),
	})
	if err != nil {
		return nil, fmt.Errorf("gallery: %w", err)
	}
	return out.Bytes(), nil
}

// policy is what a browser may do with the page: show pictures of its folder and
// run the one script. From a disk the folder is "file:", else "'self'".
func policy(style, script string) string {
	return fmt.Sprintf("default-src 'none'; img-src 'self' file:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", digest(style), digest(script))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
