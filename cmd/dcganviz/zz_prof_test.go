package main

import "testing"

func TestZZProfile(t *testing.T) {
	r := call(t.Context(), "forget-windows", "--method", "all", "--out", t.TempDir()+"/a.png")
	t.Log(r.code)
}
