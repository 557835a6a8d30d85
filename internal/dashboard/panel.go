package dashboard

import (
	"slices"
	"strings"
)

// version is the Grafana the panels' options are written for.
const version = "12.4.0"

// panel is the start of every panel. A description tells what is counted and
// how; empty is what stands there when there is nothing to show.
func panel(kind, title, description, empty string, targets ...Target) *Panel {
	return &Panel{
		Type: kind, Title: title, Description: description, Datasource: targets[0].Datasource,
		Targets: targets, PluginVersion: version, Options: map[string]any{},
		GridPos: GridPos{W: gridColumns},
		FieldConfig: &FieldConfig{
			Defaults:  FieldDefaults{NoValue: empty, Mappings: []Mapping{}, Color: fixed(colourPlain), Custom: map[string]any{}},
			Overrides: []Override{},
		},
	}
}

func fixed(colour string) map[string]any {
	return map[string]any{"mode": "fixed", "fixedColor": colour}
}

// unit says what the numbers are in and with how many decimals.
func (p *Panel) unit(unit string, decimals int) *Panel {
	p.FieldConfig.Defaults.Decimals = &decimals
	return p.in(unit)
}

// in says what the numbers are in; they have as many decimals as Grafana finds fit.
func (p *Panel) in(unit string) *Panel { p.FieldConfig.Defaults.Unit = unit; return p }

// plain shows numbers as they are: thousands parted, up to four decimals and no
// noughts added. The unit stands in the name or in a column beside.
func (p *Panel) plain() *Panel { return p.unit("locale", 4) }

func (p *Panel) between(low, high float64) *Panel {
	p.FieldConfig.Defaults.Min, p.FieldConfig.Defaults.Max = &low, &high
	return p
}

func (p *Panel) mapped(m []Mapping) *Panel {
	if m != nil {
		p.FieldConfig.Defaults.Mappings = m
	}
	return p
}

// sparse declares that there may be nothing to show.
func (p *Panel) sparse() *Panel { p.MayBeEmpty = true; return p }

func (p *Panel) colour(c string) *Panel { p.FieldConfig.Defaults.Color = fixed(c); return p }

func (p *Panel) option(name string, value any) *Panel { p.Options[name] = value; return p }

func (p *Panel) custom(name string, value any) *Panel {
	p.FieldConfig.Defaults.Custom[name] = value
	return p
}

func (p *Panel) link(title, url string) *Panel {
	p.FieldConfig.Defaults.Links = append(p.FieldConfig.Defaults.Links, fieldLink(title, url))
	return p
}

func (p *Panel) override(matcher, value string, properties ...Property) *Panel {
	p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, Override{Matcher{matcher, value}, properties})
	return p
}

// answers sets how the numbers of one query look.
func (p *Panel) answers(ref string, properties ...Property) *Panel {
	return p.override("byFrameRefID", ref, properties...)
}

func property(id string, value any) Property { return Property{ID: id, Value: value} }

func coloured(c string) Property { return property("color", fixed(c)) }

func united(unit string, decimals int) []Property {
	return []Property{property("unit", unit), property("decimals", decimals)}
}

func fieldLink(title, url string) Link { return Link{Title: title, URL: url, Tags: []string{}} }

// to is the address of another dashboard, with the plan, the moment of knowledge
// and the time range kept, and the variables that both have; more is what it is
// to be set to.
func to(uid, more string, both ...string) string {
	url := "/d/" + uid + "?${plan:queryparam}&${as_of:queryparam}&${__url_time_range}" + more
	for _, v := range both {
		url += "&${" + v + ":queryparam}"
	}
	return url
}

// newest reduces a series to its last number.
func newest() map[string]any {
	return map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}
}

// stat shows numbers big.
func stat(title, description, empty string, targets ...Target) *Panel {
	return panel("stat", title, description, empty, targets...).
		option("reduceOptions", newest()).option("colorMode", "value").option("graphMode", "none").
		option("justifyMode", "center").option("orientation", "auto").option("textMode", "auto").
		option("wideLayout", false).option("showPercentChange", false).option("percentChangeColorMode", "standard")
}

// sizes are those of names and numbers, where they are not to fill the panel.
func sizes(title, value int) map[string]any {
	return map[string]any{"titleSize": title, "valueSize": value}
}

// listed shows numbers below each other, names at the left.
func (p *Panel) listed() *Panel {
	return p.option("textMode", "value_and_name").option("orientation", "horizontal").option("wideLayout", true).
		option("justifyMode", "auto").option("text", sizes(16, 26))
}

// words shows a label of a table's single row as a text.
func words(title, description, empty, label string, target Target, mappings []Mapping) *Panel {
	p := stat(title, description, empty, target).mapped(mappings).unit("string", 0)
	return p.option("reduceOptions", wordsOf("^"+label+"$"))
}

// wordsOf reduces the fields of those names to their last text.
func wordsOf(names string) map[string]any {
	return map[string]any{"calcs": []string{"lastNotNull"}, "fields": "/" + names + "/", "values": false}
}

// lamps shows the numbers of the lights, each in its colour with its word.
func lamps(title, description string, number func(light) string) *Panel {
	var targets []Target
	for _, l := range lights {
		targets = append(targets, instant(l.ref(), number(l), l.word()))
	}
	return stat(title, description, noData, targets...).inLights(light.lit).
		unit("none", 0).option("colorMode", "background_solid").option("textMode", "value_and_name")
}

// filed shows the numbers of the states of reporting.
func filed(title, description string, number func(filing) string) *Panel {
	var targets []Target
	for _, f := range filings {
		targets = append(targets, instant(f.ref(), number(f), f.word()))
	}
	p := stat(title, description, noData, targets...).unit("none", 0).option("textMode", "value_and_name").
		option("text", map[string]any{"titleSize": 15})
	for _, f := range filings {
		p.answers(f.ref(), coloured(f.colour))
	}
	return p
}

// inLights gives the answers of the queries that are named after lights their colours.
func (p *Panel) inLights(colour func(light) string, more ...Property) *Panel {
	for _, l := range lights {
		if slices.ContainsFunc(p.Targets, func(t Target) bool { return t.RefID == l.ref() }) {
			p.answers(l.ref(), append([]Property{coloured(colour(l))}, more...)...)
		}
	}
	return p
}

// bullets shows the share done of targets as bars below that of the time gone,
// the worst first, each in the colour and with the sign of its light.
func bullets(title, description, empty string, p picker, which ...light) *Panel {
	targets := []Target{instant("time", sel("xushi_year_elapsed_ratio", `basis="months"`), "◷ 时间进度（按月）")}
	var all []string
	for _, l := range which {
		expr := withLight(p, l, "xushi_attainment_ratio", cumulative)
		targets = append(targets, instant(l.ref(), "sort("+expr+")", l.symbol+" {{name}}"))
		all = append(all, expr)
	}
	// The bar of time is always there, so the panel is never empty by itself.
	targets = append(targets, instant("none", "vector("+Nothing+") unless on () ("+strings.Join(all, " or ")+")", empty))
	return panel("bargauge", title, description, empty, targets...).unit("percentunit", 1).between(0, 1).
		option("reduceOptions", newest()).option("displayMode", "basic").option("orientation", "horizontal").
		option("namePlacement", "left").option("valueMode", "color").option("showUnfilled", true).
		option("sizing", "manual").option("minVizHeight", 35).option("maxVizHeight", 35).option("minVizWidth", 8).
		option("legend", legend(false)).
		option("text", sizes(14, 14)).
		inLights(light.inked, linked("指标详情", to(uidIndicator, "&var-indicator=${__field.labels.indicator}"))).
		answers("time", coloured(colourBlue)).answers("none", property("mappings", unsaid()))
}

// chart draws numbers over the year, one point for each period.
func chart(title, description, empty string, targets ...Target) *Panel {
	p := panel("timeseries", title, description, empty, targets...).colour(colourBlue).
		option("legend", legend(true)).option("tooltip", tooltip())
	p.Interval, p.MaxDataPoints = "1d", yearOfDays
	return p.custom("drawStyle", "line").custom("lineInterpolation", "linear").custom("lineWidth", 2).
		custom("showPoints", "always").custom("pointSize", 6).custom("spanNulls", true).custom("fillOpacity", 0).
		custom("axisSoftMax", 1) // else noughts alone have an axis up to 100
}

// timed says how the axis of time is written.
func (p *Panel) timed(format string) *Panel {
	return p.override("byName", "Time", property("unit", "time:"+format))
}

// monthly draws counts at the months' ends as bars. The engine's points are
// days, the bars are months: a bar for each point there is.
func monthly(title, description, empty string, targets ...Target) *Panel {
	p := panel("barchart", title, description, empty, targets...).unit("none", 0).
		option("orientation", "vertical").option("showValue", "never").option("stacking", "normal").
		option("barWidth", 0.8).option("groupWidth", 0.7).option("barRadius", 0).option("fullHighlight", false).
		option("xTickLabelRotation", 0).option("xTickLabelSpacing", 60).
		option("legend", legend(true)).option("tooltip", tooltip()).
		custom("fillOpacity", 85).custom("lineWidth", 0).custom("axisSoftMin", 0).custom("axisSoftMax", 1).timed("M月")
	p.Interval, p.MaxDataPoints = "1d", yearOfDays
	return p
}

// yearOfDays lets a chart have a point for every day of its year, on the
// smallest screen, too.
const yearOfDays = 1000

func legend(show bool) map[string]any {
	return map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": show, "calcs": []string{}}
}

func tooltip() map[string]any {
	return map[string]any{"mode": "multi", "sort": "none", "hideZeros": false}
}

// lightChart draws the numbers of the lights as stacked bars, month by month.
func lightChart(title, description string, selector func(light) string) *Panel {
	var targets []Target
	for _, l := range []light{lights[2], lights[1], lights[0], lights[3]} { // green below, the worst above it
		targets = append(targets, overTime(l.ref(), points(selector(l)), l.word()))
	}
	return monthly(title, description, noData, targets...).inLights(light.lit)
}
