//go:build nofaces

package zoo

import "embed"

var restricted embed.FS // nothing
