package gallery

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
)

// A Watch is a page about something that goes on: what it has come to, its pictures as a
// film, and curves. A browser loads it again from time to time.
type Watch struct {
	// Title heads the page, Status says how far it is, of Steps Step.
	Title, Status string
	Step, Steps   int
	// Verdict says what to think of it, Good whether all is well, and Advice what to do.
	Verdict, Advice string
	Good            bool
	// Notes are further sentences, one a paragraph.
	Notes []string
	// Frames are the film, the latest last, and Film what they show.
	Frames []Frame
	Film   string
	Curves []*Curves
	Table  *Table
	// Commands say what to do next.
	Commands []Command
	// Reload is how often the page is loaded again; 0: never. From Stale on, after Written,
	// it is not any more, and says so.
	Reload, Stale time.Duration
	Written       time.Time
}

// A Frame is a picture of the film, below the page's folder, with slashes in its name.
type Frame struct {
	File string `json:"-"`
	Name string `json:"name"`
	Src  string `json:"src"` // WatchPage sets it
}

// A Command is a line for a shell, and what it is for.
type Command struct{ What, Line string }

const watchMark = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta name=\"generator\" content=\"dcganviz train\">\n"

var (
	watchPage    = template.Must(template.New("watch.html").ParseFS(assets, "assets/watch.html"))
	watchScripts = []string{"dom.js", "theme.js", "film.js", "watch.js"}
)

// WatchPage returns the page. Its frames have addresses then.
func WatchPage(w *Watch) ([]byte, error) {
	script, err := scriptOf(watchScripts)
	if err != nil {
		return nil, err
	}
	var style string
	for _, name := range []string{"page.css", "watch.css"} {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return nil, err
		}
		style += string(text)
	}
	for i := range w.Frames {
		parts := strings.Split(w.Frames[i].File, "/")
		for k := range parts {
			parts[k] = url.PathEscape(parts[k])
		}
		w.Frames[i].Src = "./" + strings.Join(parts, "/")
	}
	var curves []*drawnCurves
	for _, c := range w.Curves {
		if d := c.drawn(); d != nil {
			curves = append(curves, d)
		}
	}
	data := struct {
		*Watch
		Drawn                                []*drawnCurves
		Last                                 *Frame
		Wide, High                           int
		ReloadSeconds, StaleSeconds, Seconds int64
		When                                 string
		Policy                               string
		Style                                template.CSS
		Script                               template.JS
	}{
		Watch: w, Drawn: curves, Wide: curvesWide, High: curvesHigh,
		ReloadSeconds: int64(w.Reload / time.Second), StaleSeconds: int64(w.Stale / time.Second), Policy: policy(style, script),
		Style: template.CSS(style), Script: template.JS(script),
	}
	if n := len(w.Frames); n > 0 {
		data.Last = &w.Frames[n-1]
	}
	if !w.Written.IsZero() {
		data.Seconds, data.When = w.Written.Unix(), w.Written.Format("2006-01-02 15:04:05")
	}
	var out bytes.Buffer
	out.WriteString(watchMark)
	if err := watchPage.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("gallery: %w", err)
	}
	return out.Bytes(), nil
}
