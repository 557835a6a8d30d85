// Package dashboards carries the Grafana dashboards, which internal/dashboard
// writes.
package dashboards

import "embed"

// Files are the dashboards in Grafana's JSON, at the top.
//
//go:embed *.json
var Files embed.FS
