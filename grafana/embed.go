// Package grafana carries the provisioning files for a Grafana that is already
// installed. Those of the compose file are in provisioning/ beside it.
package grafana

import "embed"

// Installed are the provisioning files, in the folders that Grafana has them in,
// under installed/.
//
//go:embed installed
var Installed embed.FS

// What the files name and an installation may have elsewhere.
const (
	URL        = "http://127.0.0.1:8080"
	TokenFile  = "/etc/grafana/xushi-token"
	Dashboards = "/var/lib/grafana/dashboards/xushi"
)
