package dashboard

// service is 服务: the service's own health, from its own telemetry.
func service() *Dashboard {
	now := func(ref, expr, legend string) Target {
		t := instant(ref, expr, legend)
		t.Datasource = self
		return t
	}
	along := func(ref, expr, legend string) Target {
		t := overTime(ref, expr, legend)
		t.Datasource, t.Interval = self, "15s"
		return t
	}
	const nothingYet = "这段时间没有发生"
	draw := func(title, description, empty, unit string, targets ...Target) *Panel {
		p := chart(title, description, empty, targets...).in(unit)
		p.Interval, p.MaxDataPoints = "15s", 0 // as many points as the screen has
		p.FieldConfig.Defaults.Color = map[string]any{"mode": "palette-classic"}
		p.MayBeEmpty = empty == nothingYet
		return p.custom("showPoints", "never").custom("spanNulls", false).custom("lineWidth", 1).custom("fillOpacity", 10).
			custom("axisSoftMin", 0).custom("axisSoftMax", 0)
	}
	return &Dashboard{
		UID: uidService, Title: "服务", Description: "序时服务自身是否健康：请求、提交、日志、快照、资源。", Tags: []string{tagService},
		Time: TimeRange{From: "now-6h", To: "now"}, Refresh: "30s",
		TimePicker: TimePicker{[]QuickRange{
			{"近1小时", TimeRange{"now-1h", "now"}}, {"近6小时", TimeRange{"now-6h", "now"}},
			{"近一天", TimeRange{"now-1d", "now"}}, {"近七天", TimeRange{"now-7d", "now"}},
		}},
		Templating:  Templating{List: []Variable{serviceVariable()}},
		Annotations: Annotations{List: []Annotation{builtIn()}},
		Panels: lay(
			across(5,
				table("程序", "运行中的服务的版本。", "没有运行中的服务", "max by (instance, version, goversion) (xushi_build_info)",
					label("instance", "服务", 150), label("version", "版本", 110), label("goversion", "Go", 100)).from(self).wide(7),
				stat("启动时间", "进程自何时起运行。", noData, now("up", "1000 * "+ours("process_start_time_seconds"), "{{instance}}")).
					in("time:M月D日 HH:mm").colour(colourBlue).wide(4),
				stat("日志滞后", "变更日志中尚未折入实时画面的变更数，应为0。", noData, now("lag", "xushi_log_lag_changes", "{{instance}}")).
					unit("none", 0).steps(colourGreen, 1, colourYellow, 100, colourRed).wide(4),
				stat("跟随失败（1小时）", "最近一小时无法读取变更日志的次数，应为0。", noData,
					now("failures", "increase(xushi_log_follow_failures_total[1h])", "{{instance}}")).
					unit("none", 0).steps(colourGreen, 1, colourRed).wide(4),
				stat("5xx 占比（5分钟）", "最近五分钟回应为服务器错误的请求的占比，应为0。", "没有请求",
					now("errors", `(sum(rate(xushi_http_request_duration_seconds_count{code=~"5.."}[5m])) or vector(0)) / (sum(rate(xushi_http_request_duration_seconds_count[5m])) > 0)`, "5xx")).
					in("percentunit").steps(colourGreen, 0.001, colourYellow, 0.01, colourRed).sparse().wide(5),
			),
			across(9,
				draw("请求", "每秒回应的请求数，按状态码。", nothingYet, "suffix:次/秒",
					along("requests", "sum by (code) (rate(xushi_http_request_duration_seconds_count[$__rate_interval]))", "{{code}}")).wide(12),
				draw("请求耗时", "各路由最近五分钟第99百分位的耗时。", nothingYet, "s",
					along("latency", `max by (route) (xushi_http_request_duration_seconds{quantile="0.99"})`, "{{route}}")).wide(12),
			),
			across(9,
				draw("填报", "每秒填报的行数，按结果。", nothingYet, "suffix:行/秒",
					along("rows", "sum by (outcome) (rate(xushi_posted_rows_total[$__rate_interval]))", "{{outcome}}")).
					renamed("created", "新增", "updated", "修订", "unchanged", "未变", "rejected", "拒绝").wide(8),
				draw("提交耗时", "一组提交的平均和第99百分位耗时。", nothingYet, "s",
					along("mean", "sum(rate(xushi_commit_duration_seconds_sum[$__rate_interval])) / sum(rate(xushi_commit_duration_seconds_count[$__rate_interval]))", "平均"),
					along("p99", `max(xushi_commit_duration_seconds{quantile="0.99"})`, "第99百分位")).wide(8),
				draw("每组提交的请求和行", "一次落盘平均由几个请求共用、写入几行。", nothingYet, "none",
					along("requests", "sum(rate(xushi_commit_requests_total[$__rate_interval])) / sum(rate(xushi_commit_duration_seconds_count[$__rate_interval]))", "请求"),
					along("rows", "sum(rate(xushi_commit_rows_total[$__rate_interval])) / sum(rate(xushi_commit_duration_seconds_count[$__rate_interval]))", "行")).wide(8),
			),
			across(9,
				draw("变更日志", "日志的最新序号和实时画面的序号，两线应重合。", noData, "none",
					along("head", "xushi_log_head_seq", "日志 {{instance}}"), along("snapshot", "xushi_snapshot_seq", "画面 {{instance}}")).wide(8),
				draw("折入与评价", "折入变更（含评价）第99百分位的耗时；近5分钟没有变更时为0。", noData, "s",
					along("fold", `max(xushi_board_fold_duration_seconds{quantile="0.99"}) or vector(0)`, "折入"),
					along("render", `max(xushi_metrics_render_duration_seconds{quantile="0.99"})`, "渲染指标")).wide(8),
				draw("评价次数", "每秒评价的指标数。", nothingYet, "suffix:次/秒",
					along("judged", "sum(rate(xushi_board_judged_indicators_total[$__rate_interval]))", "评价")).wide(8),
			),
			across(9,
				draw("内存", "进程占用的物理内存和Go堆。", noData, "bytes",
					along("resident", ours("process_resident_memory_bytes"), "物理内存 {{instance}}"),
					along("heap", ours("go_memstats_heap_inuse_bytes"), "Go堆 {{instance}}")).wide(8),
				draw("处理器", "用掉的核数。", noData, "suffix:核",
					along("cpu", ours("rate(process_cpu_seconds_total[$__rate_interval])"), "处理器 {{instance}}")).wide(8),
				draw("协程与文件", "Go协程数和打开的文件数。", noData, "none",
					along("goroutines", ours("go_goroutines"), "协程 {{instance}}"),
					along("files", ours("process_open_fds"), "文件 {{instance}}")).wide(8),
			),
		),
	}
}

// ours is what the processes tell that are Xushi: others have numbers of the
// same names.
func ours(expr string) string {
	return "(" + expr + " and on (job, instance) xushi_build_info)"
}

// from asks another data source.
func (p *Panel) from(d *Datasource) *Panel {
	p.Datasource = d
	for i := range p.Targets {
		p.Targets[i].Datasource = d
	}
	return p
}

// steps colours numbers from limits on: a colour, then limits and colours.
func (p *Panel) steps(first string, more ...any) *Panel {
	steps := []Step{{Color: first}}
	for i := 0; i < len(more); i += 2 {
		limit, ok := more[i].(float64)
		if !ok {
			limit = float64(more[i].(int))
		}
		steps = append(steps, Step{Color: more[i+1].(string), Value: &limit})
	}
	p.FieldConfig.Defaults.Color = map[string]any{"mode": "thresholds"}
	p.FieldConfig.Defaults.Thresholds = &Thresholds{Mode: "absolute", Steps: steps}
	return p
}

// renamed gives series other names than their labels'.
func (p *Panel) renamed(pairs ...string) *Panel {
	for i := 0; i < len(pairs); i += 2 {
		p.override("byName", pairs[i], property("displayName", pairs[i+1]))
	}
	return p
}
