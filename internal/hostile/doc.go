// Package hostile is for tests: what the tests of all readers of files from
// outside have in common.
//
//	hostile.CheckLies(t, map[string]hostile.Lie{"4 GB": {File: header, Size: 4 << 30}}, readAt)
//	hostile.CheckBroken(t, file, []int{0, 8}, readAt)
//	hostile.CheckPaths(t, file[:100], readFile)
package hostile
