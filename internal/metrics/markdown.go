package metrics

import (
	"fmt"
	"strings"

	"xushi/internal/quantity"
)

// telemetry lists what Self measures; the library it is made with writes no help.
var telemetry = []struct{ name, kind, zh, en string }{
	{"xushi_build_info", "gauge", "程序版本", "Always 1; labels version and goversion."},
	{"xushi_http_request_duration_seconds", "summary", "请求耗时", "Answered requests by route, method and code."},
	{"xushi_posted_rows_total", "counter", "填报行数", "Rows posted, by outcome: created, updated, unchanged or rejected."},
	{"xushi_commit_duration_seconds", "summary", "提交耗时", "Commit groups: what one sync makes durable."},
	{"xushi_commit_requests_total", "counter", "提交的请求数", "Requests that shared the commit groups."},
	{"xushi_commit_rows_total", "counter", "提交的行数", "Rows that the commit groups made durable."},
	{"xushi_board_fold_duration_seconds", "summary", "折入耗时", "Taking changes into the live picture, judging included."},
	{"xushi_board_judged_indicators_total", "counter", "评价次数", "Indicators judged, again and again."},
	{"xushi_log_changes_total", "counter", "变更数", "Changes of the log that were taken into the live picture, by kind."},
	{"xushi_log_rows_total", "counter", "变更行数", "Figures, checklist events and accounts in them, by kind."},
	{"xushi_log_head_seq", "gauge", "日志序号", "Newest change that was seen in the log: the head of the hash chain."},
	{"xushi_log_lag_changes", "gauge", "日志滞后", "Changes in the log that the live picture has not taken in yet."},
	{"xushi_log_follow_failures_total", "counter", "跟随失败次数", "Times that the log could not be followed."},
	{"xushi_snapshot_seq", "gauge", "快照序号", "Newest change in the live picture."},
	{"xushi_snapshot_timestamp_seconds", "gauge", "快照时刻", "When the live picture was made."},
	{"xushi_metrics_render_duration_seconds", "summary", "渲染耗时", "Rendering of /metrics, once for each picture and encoding."},
	{"xushi_metrics_render_bytes", "gauge", "渲染大小", "Size of the newest rendering of /metrics, as it was sent."},
}

// Meaning is what a quantity of the telemetry is, "" for those of the runtime.
type Meaning struct{ Name, Type, Help string }

// Meanings describe the telemetry.
func Meanings() []Meaning {
	var list []Meaning
	for _, m := range telemetry {
		list = append(list, Meaning{m.name, m.kind, m.zh + " " + m.en})
	}
	return list
}

// Markdown is docs/metrics.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(quantity.Markdown())
	b.WriteString(`
## The service itself 服务自身

Served at /metrics/self, with the Go runtime's and the process's own numbers (` + "`go_…`, `process_…`" + `). Summaries have the
quantiles of the last five minutes, a sum and a count.

| name | 名称 | type | meaning |
|---|---|---|---|
`)
	for _, m := range telemetry {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", m.name, m.zh, m.kind, m.en)
	}
	return b.String()
}
