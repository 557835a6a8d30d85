package app

import "runtime/debug"

// version is set when a release is built: -ldflags "-X xushi/internal/app.version=v1.2.3".
var version string

// Version is the program's version: that of the release, else the commit it was
// built from, else "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "dev"
}
