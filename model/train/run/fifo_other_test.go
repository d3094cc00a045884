//go:build !unix

package run

import "errors"

func fifo(string) error { return errors.ErrUnsupported }
