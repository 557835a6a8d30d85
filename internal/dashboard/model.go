package dashboard

// Dashboard is a dashboard in Grafana's classic JSON model, as far as Xushi
// uses it.
type Dashboard struct {
	UID           string      `json:"uid"`
	Title         string      `json:"title"`
	Description   string      `json:"description"`
	Tags          []string    `json:"tags"`
	Editable      bool        `json:"editable"`
	GraphTooltip  int         `json:"graphTooltip"`
	LiveNow       bool        `json:"liveNow"`
	Refresh       string      `json:"refresh"`
	SchemaVersion int         `json:"schemaVersion"`
	Version       int         `json:"version"`
	TimeZone      string      `json:"timezone"`
	WeekStart     string      `json:"weekStart"`
	Time          TimeRange   `json:"time"`
	TimePicker    TimePicker  `json:"timepicker"`
	Templating    Templating  `json:"templating"`
	Annotations   Annotations `json:"annotations"`
	Links         []Link      `json:"links"`
	Panels        []*Panel    `json:"panels"`
}

// TimeRange is a dashboard's range in Grafana's date mathematics.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// TimePicker offers ranges and says what they are called.
type TimePicker struct {
	QuickRanges []QuickRange `json:"quick_ranges,omitempty"`
}

// QuickRange is a range with a name.
type QuickRange struct {
	Display string `json:"display"`
	TimeRange
}

// Templating holds a dashboard's variables.
type Templating struct {
	List []Variable `json:"list"`
}

// Variable is something the reader chooses.
type Variable struct {
	Name        string         `json:"name"`
	Label       string         `json:"label"`
	Description string         `json:"description,omitempty"`
	Type        string         `json:"type"`
	Datasource  *Datasource    `json:"datasource"`
	Definition  string         `json:"definition"`
	Query       map[string]any `json:"query"`
	Regex       string         `json:"regex"`
	Refresh     int            `json:"refresh"` // 2: when the time range changes
	Sort        int            `json:"sort"`
	Hide        int            `json:"hide"` // 2: not shown
	Multi       bool           `json:"multi"`
	IncludeAll  bool           `json:"includeAll"`
	Current     map[string]any `json:"current"`
	Options     []any          `json:"options"`
}

// Datasource names a data source by its fixed uid.
type Datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Annotations holds a dashboard's annotation queries.
type Annotations struct {
	List []Annotation `json:"list"`
}

// Annotation marks moments in all charts of a dashboard.
type Annotation struct {
	Name            string      `json:"name"`
	Datasource      *Datasource `json:"datasource"`
	Enable          bool        `json:"enable"`
	Hide            bool        `json:"hide"`
	IconColor       string      `json:"iconColor"`
	BuiltIn         int         `json:"builtIn,omitempty"`
	Type            string      `json:"type,omitempty"`
	Target          *Target     `json:"target,omitempty"`
	TitleFormat     string      `json:"titleFormat,omitempty"`
	TextFormat      string      `json:"textFormat,omitempty"`
	TagKeys         string      `json:"tagKeys,omitempty"`
	UseValueForTime bool        `json:"useValueForTime,omitempty"` // the value is the moment, in milliseconds
}

// Link leads from a dashboard, a panel or a field elsewhere.
type Link struct {
	Title       string   `json:"title"`
	Type        string   `json:"type,omitempty"`
	URL         string   `json:"url"`
	Icon        string   `json:"icon,omitempty"`
	Tooltip     string   `json:"tooltip"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
}

// Panel is one panel; a row is a panel of its own type that only heads others.
type Panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	GridPos         GridPos          `json:"gridPos"`
	Datasource      *Datasource      `json:"datasource,omitempty"`
	Targets         []Target         `json:"targets,omitempty"`
	Interval        string           `json:"interval,omitempty"`
	MaxDataPoints   int              `json:"maxDataPoints,omitempty"`
	FieldConfig     *FieldConfig     `json:"fieldConfig,omitempty"`
	Options         map[string]any   `json:"options,omitempty"`
	Transformations []Transformation `json:"transformations,omitempty"`
	PluginVersion   string           `json:"pluginVersion,omitempty"`
	Collapsed       *bool            `json:"collapsed,omitempty"`
	Panels          *[]*Panel        `json:"panels,omitempty"`

	// MayBeEmpty declares that there may be nothing to show at first: then the
	// panel's text for that stands there. Grafana is not told.
	MayBeEmpty bool `json:"-"`
}

// GridPos is a panel's place on the grid of 24 columns; a unit of height is
// about 38 pixels.
type GridPos struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Target is one query of a panel.
type Target struct {
	RefID        string      `json:"refId"`
	Datasource   *Datasource `json:"datasource"`
	Expr         string      `json:"expr"`
	LegendFormat string      `json:"legendFormat"`
	Format       string      `json:"format"`
	Instant      bool        `json:"instant"`
	Range        bool        `json:"range"`
	Interval     string      `json:"interval,omitempty"`
	EditorMode   string      `json:"editorMode"`
}

// FieldConfig says how numbers look: in general, then for some of them.
type FieldConfig struct {
	Defaults  FieldDefaults `json:"defaults"`
	Overrides []Override    `json:"overrides"`
}

// FieldDefaults is how all numbers of a panel look.
type FieldDefaults struct {
	Unit       string         `json:"unit,omitempty"`
	Decimals   *int           `json:"decimals,omitempty"`
	Min        *float64       `json:"min,omitempty"`
	Max        *float64       `json:"max,omitempty"`
	NoValue    string         `json:"noValue,omitempty"`
	Color      map[string]any `json:"color,omitempty"`
	Mappings   []Mapping      `json:"mappings"`
	Thresholds *Thresholds    `json:"thresholds,omitempty"`
	Links      []Link         `json:"links,omitempty"`
	Custom     map[string]any `json:"custom,omitempty"`
}

// Thresholds colours numbers from limits on.
type Thresholds struct {
	Mode  string `json:"mode"`
	Steps []Step `json:"steps"`
}

// Step is one limit; the first has none.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// Override is how the fields that the matcher finds look.
type Override struct {
	Matcher    Matcher    `json:"matcher"`
	Properties []Property `json:"properties"`
}

// Matcher finds fields.
type Matcher struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

// Property is one setting of an override.
type Property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// Mapping gives values words and colours: type value has a map[string]Word, type
// special a Special.
type Mapping struct {
	Type    string `json:"type"`
	Options any    `json:"options"`
}

// Special is what a value that is none is shown as.
type Special struct {
	Match  string `json:"match"`
	Result Word   `json:"result"`
}

// Word is what a value is shown as.
type Word struct {
	Text  string `json:"text"`
	Color string `json:"color,omitempty"`
	Index int    `json:"index"`
}

// Transformation reshapes the answers of a panel's queries.
type Transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}
