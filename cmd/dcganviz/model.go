package main

import (
	"cmp"
	"io"
	"time"

	"dcganviz/cmd/dcganviz/internal/progress"
	"dcganviz/gallery/figure"
	"dcganviz/internal/memory"
	"dcganviz/model"
	"dcganviz/model/zoo"
)

// modelFlag says which model a command takes.
type modelFlag struct {
	Where string `arg:"" optional:"" name:"model" complete:"models" help:"An embedded model (see dcganviz models), a run's folder, a checkpoint of this program's or PyTorch's, or a folder with the arrays of the paper's authors (default: ${default_model})."`
	sourceFlags
}

// sourceFlags are modelFlag without its argument.
type sourceFlags struct {
	Model string `placeholder:"MODEL" recipe:"none" complete:"models" help:"The model, given as a flag instead of an argument."`
	figure.Source
}

// title returns what the user calls the model.
func (f *modelFlag) title() (string, error) {
	if f.Model != "" && f.Where != "" && f.Model != f.Where {
		return "", usageError("two models, %s and --model %s, want one", f.Where, f.Model)
	}
	return cmp.Or(f.Model, f.Where, zoo.Default), nil
}

// find finds the model, without looking into it.
func (f *modelFlag) find() (figure.Place, error) {
	title, err := f.title()
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		return figure.Place{}, err
	}
	return figure.Find(title)
}

// open loads the model.
func (f *modelFlag) open(e *env) (*figure.Lab, error) {
	title, err := f.title()
	if err != nil {
		return nil, err
	}
	lab, err := figure.OpenLab(title, &f.Source)
	if err != nil {
		return nil, ambiguous(title, err)
	}
	lab.Note = func(text string) { e.note("%s", text) }
	for _, n := range lab.Model.Notes {
		e.note("%s: %s", lab.Model.Title, n)
	}
	noteReadings(e, lab.Model.Title, lab.Model.Told.Readings)
	return lab, nil
}

// maxThreads is more threads than any command has work for.
const maxThreads = 256

func checkThreads(n int) error {
	if n < 0 || n > maxThreads {
		return usageError("--threads is %d, want 1 to %d, or 0 for all processors", n, maxThreads)
	}
	return nil
}

// use gives a lab a number of threads, and shows its progress. The caller calls done.
func use(e *env, lab *figure.Lab, threads int) (done func()) {
	shown := &labProgress{w: e.bar}
	pool := model.NewPool(threads)
	noteKernels(e, pool)
	lab.Pool, lab.Workers, lab.Progress = pool, threads, shown.part
	left := memory.Left()
	lab.Memory, lab.MemoryBy = max(left.Bytes, 1), left.By
	return func() {
		shown.close()
		lab.Pool.Close()
	}
}

// labProgress shows how far a figure has come: one count for each of its stages.
type labProgress struct {
	w        io.Writer
	stage    *progress.Count
	done, of int
}

// part is called when some parts of a stage are done; what says what comes next.
func (p *labProgress) part(what string, done, of int) {
	if p.stage == nil || of != p.of || done < p.done {
		p.close()
		p.stage = progress.NewCount(p.w, time.Now, "parts", of)
	}
	p.done, p.of = done, of
	p.stage.Part(what, done, of)
}

// close ends the stage.
func (p *labProgress) close() {
	if p.stage != nil {
		p.stage.Close()
	}
	p.stage = nil
}
