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

// A Note is on a file that is not on the page, or not in full.
type Note struct{ File, Text string }

// Options says what is on the page besides pictures.
type Options struct {
	// Title names the folder. Empty: "results".
	Title string
	// Notes on what was left out.
	Notes []Note
}

// MostBlocks is how many blocks a page has at most.
const MostBlocks = 300

// mark is how a page of this package begins.
const mark = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta name=\"generator\" content=\"dcganviz gallery\">\n"

// MarkBytes is how many bytes IsPage needs.
const MarkBytes = len(mark)

// IsPage reports whether a file that begins so is a page of this package's.
func IsPage(begins []byte) bool { return bytes.HasPrefix(begins, []byte(mark)) }

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in order.
var scripts = []string{"dom.js", "theme.js", "zoom.js", "paper.js", "tiles.js", "scrub.js", "wipe.js", "table.js", "points.js", "keys.js", "start.js"}

var page = template.Must(template.New("page.html").ParseFS(assets, "assets/page.html"))

// Page returns the page of blocks, in their order. It numbers them: their ID is
// set, and what is paper in their pictures. No blocks and more than MostBlocks are errors.
func Page(blocks []*Block, o Options) ([]byte, error) {
	if n := len(blocks); n == 0 || n > MostBlocks {
		return nil, fmt.Errorf("gallery: %d pictures, want 1 to %d", n, MostBlocks)
	}
	for i, b := range blocks {
		b.ID = fmt.Sprintf("figure-%d", i+1)
		b.markPaper()
		for _, e := range b.Evidence {
			e.markPaper()
		}
	}
	script, err := scriptOf(scripts)
	if err != nil {
		return nil, err
	}
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
		Heading string
		Figures []*Block
		Policy  string
		Style   template.CSS
		Script  template.JS
	}{
		o, learnt(blocks), blocks, policy(string(style), script), template.CSS(style), template.JS(script),
	})
	if err != nil {
		return nil, fmt.Errorf("gallery: %w", err)
	}
	return out.Bytes(), nil
}

// scriptOf joins parts of a page's script.
func scriptOf(names []string) (string, error) {
	var script strings.Builder
	script.WriteString("\n\"use strict\";\n(() => {\n")
	for _, name := range names {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return "", err
		}
		script.Write(text)
	}
	script.WriteString("})();\n")
	return script.String(), nil
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
