package main

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"
)

// A halt ends the program after a signal, where no code looks for one: while a file is
// opened, a picture is decoded, a figure is computed. What must not be cut short it
// lets end first, however long that takes.
type halt struct {
	// grace is how long after a signal, or after the last section that had to end
	// first, the program may still take to end by itself.
	grace time.Duration

	mu     sync.Mutex
	whole  int      // sections under way that are to end first
	turn   int      // counts the beginnings and ends of sections
	undo   []func() // by age
	reason error    // nil: the signal
}

// oneSignal is how long signals count as one: timeout and some terminals send theirs
// twice in a row.
const oneSignal = 300 * time.Millisecond

// listen calls cancel at the first signal that is to end the program. If the program
// does not end by itself, the halt ends it.
func (h *halt) listen(cancel func()) {
	for _, s := range tolerated { // none at all would mean every signal
		signal.Ignore(s)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	for _, s := range alsoEnding {
		if !signal.Ignored(s) { // as nohup has it
			signal.Notify(signals, s)
		}
	}
	go func() {
		<-signals
		cancel()
		time.Sleep(oneSignal)
		// Whoever presses Ctrl-C a second time does not want to wait for the save.
		signal.Reset(os.Interrupt, syscall.SIGTERM)
		h.wait()
		h.exit()
	}()
}

// wait returns when nothing that is to end first has been under way for the time of
// grace. No such thing begins afterwards: h stays locked.
func (h *halt) wait() {
	h.mu.Lock()
	for turn := -1; h.whole > 0 || h.turn != turn; {
		turn = h.turn
		h.mu.Unlock()
		time.Sleep(h.grace)
		h.mu.Lock()
	}
}

// exit cleans up and ends the program.
func (h *halt) exit() {
	for _, undo := range slices.Backward(h.undo) {
		undo()
	}
	// A terminal that takes no message is not waited for.
	time.AfterFunc(oneSignal, func() { os.Exit(exitInterrupted) })
	text := "interrupted"
	if h.reason != nil {
		text = oneLine(h.reason)
	}
	fmt.Fprintf(os.Stderr, "dcganviz: %s\n", text)
	os.Exit(exitInterrupted)
}

// during runs f, which a signal does not cut short.
func (h *halt) during(f func() error) error {
	h.count(1)
	defer h.count(-1)
	return f()
}

func (h *halt) count(sections int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.whole += sections
	h.turn++
}

// atExit returns a function that runs f, to be deferred. If a signal ends the program
// first, f is run then; in any case once.
func (h *halt) atExit(f func()) (done func()) {
	once := sync.OnceFunc(f)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.undo = append(h.undo, once)
	return once
}

// because says what a signal has brought about, for the last message.
func (h *halt) because(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reason = err
}
