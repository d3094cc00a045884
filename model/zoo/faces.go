//go:build !nofaces

package zoo

import (
	"embed"
	"io/fs"
)

//go:embed faces
var faces embed.FS

// restricted is for non-commercial research only: see faces/LICENSE.md.
var restricted, _ = fs.Sub(faces, "faces") // fails for a bad name only
