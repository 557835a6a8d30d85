// Package dashboard writes Xushi's Grafana dashboards: the files under
// dashboards/ are its output, held by a golden test. Words, colours and queries
// stand here once, and every panel takes them from here.
//
// All numbers come from PromQL over reference time (data source xushi) or, for
// the service itself, from its own telemetry (data source xushi-self). No panel
// computes a status: it shows what judge said. Two habits follow from sparse
// data. Tables, stats and bars ask an instant query at the end of the dashboard's
// time range, a year as a rule: they show the newest period, and moving the end
// into the past replays reference time. Charts over time show one point for each
// period and none for the time to come.
package dashboard

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// All gives every dashboard in the order of the menu.
func All() []*Dashboard {
	list := []*Dashboard{
		overview(), sections(), organisations(), tasks(), indicators(), reporting(), halfYear(), service(),
	}
	for _, d := range list {
		d.finish()
	}
	return list
}

// File is the name of the dashboard's file under dashboards/.
func (d *Dashboard) File() string { return d.UID + ".json" }

// JSON is the dashboard as Grafana reads it, formatted.
func (d *Dashboard) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // expressions are read by people
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", d.UID, err)
	}
	return b.Bytes(), nil
}

// The dashboards' uids. Links and provisioning name them, so they never change.
const (
	uidOverview     = "xushi-overview"
	uidSection      = "xushi-section"
	uidOrganisation = "xushi-organisation"
	uidTasks        = "xushi-tasks"
	uidIndicator    = "xushi-indicator"
	uidReporting    = "xushi-reporting"
	uidHalfYear     = "xushi-halfyear"
	uidService      = "xushi-service"
)

// tag marks the dashboards of plans; the menu of each lists them by it. The
// service's own has another time range and no plan, so it has a link of its own.
const (
	tag        = "xushi"
	tagService = "xushi-self"
)

// ranges are stretches of the plan's year and the year before. A range's end is a
// day after the stretch's, for December's point is stamped 1 January 00:00; and
// the month that is taken off keeps the old year in sight through January, when
// its last figures come in. Ends that lie in the past replay reference time.
var ranges = []QuickRange{
	{"本年度", TimeRange{"now-1M/y", "now-1M/y+1d"}},
	{"本年一季度", TimeRange{"now-1M/y", "now-1M/y-9M+1d"}},
	{"本年上半年", TimeRange{"now-1M/y", "now-1M/y-6M+1d"}},
	{"本年前三季度", TimeRange{"now-1M/y", "now-1M/y-3M+1d"}},
	{"上年度", TimeRange{"now-13M/y", "now-13M/y+1d"}},
}

// yearly makes a dashboard over the plan's year.
func yearly(uid, title, description string, vars []Variable, panels []*Panel) *Dashboard {
	return &Dashboard{
		UID: uid, Title: title, Description: description, Tags: []string{tag},
		Time:        ranges[0].TimeRange,
		TimePicker:  TimePicker{ranges},
		Refresh:     "5m",
		Templating:  Templating{List: vars},
		Annotations: Annotations{List: []Annotation{builtIn()}},
		Panels:      panels,
	}
}

// finish fills in what is the same everywhere.
func (d *Dashboard) finish() {
	d.Editable = true
	d.GraphTooltip = 1 // shared crosshair
	d.SchemaVersion = 42
	d.TimeZone = "Asia/Shanghai"
	d.WeekStart = "monday"
	d.Version = 1
	yearly := d.UID != uidService
	d.Links = []Link{
		{Type: "dashboards", Title: "序时看板", Tags: []string{tag}, AsDropdown: true, IncludeVars: yearly, KeepTime: yearly, Icon: "external link"},
	}
	if yearly {
		d.Links = append(d.Links, Link{Type: "link", Title: "服务", URL: "/d/" + uidService, Icon: "dashboard", Tags: []string{}, Tooltip: "序时服务自身是否健康"})
	}
	d.Links = append(d.Links, Link{Type: "link", Title: "序时系统", URL: "${service}", Icon: "external link", TargetBlank: true, Tags: []string{}, Tooltip: "打开序时自己的页面"})
	for i, p := range d.Panels {
		p.ID = i + 1
	}
}
