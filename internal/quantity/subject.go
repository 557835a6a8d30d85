package quantity

// Subject is what a quantity is a number of. It gives the labels that all
// quantities of the subject share.
type Subject uint8

// The subjects.
const (
	Indicators    Subject = iota // an indicator as a whole, with what a reader asks for without a join
	Parts                        // a street, park or organisation inside an indicator
	Figures                      // an indicator as a whole at one of its own periods
	PartFigures                  // a part of an indicator at one of its own periods
	Keys                         // an indicator by its id alone, for facts to join with
	Plans                        // a plan
	Sections                     // a chapter of a plan
	Tasks                        // a numbered clause
	Organisations                // an organisation in one of its roles
	Portfolios                   // what one vice-head answers for
)

var subjects = [...]struct {
	labels []string
	zh, en string
}{
	Indicators:    {[]string{"indicator", "kind", "lead", "name", "plan", "section", "task", "unit"}, "指标", "Indicators"},
	Parts:         {[]string{"indicator", "kind", "lead", "name", "part", "part_name", "plan", "section", "task", "unit"}, "分项", "Parts of indicators"},
	Figures:       {[]string{"indicator", "kind", "lead", "name", "period", "period_name", "plan", "section", "task", "unit"}, "指标的各期", "Indicators by period"},
	PartFigures:   {[]string{"indicator", "kind", "lead", "name", "part", "part_name", "period", "period_name", "plan", "section", "task", "unit"}, "分项的各期", "Parts of indicators by period"},
	Keys:          {[]string{"indicator", "plan"}, "指标的属性", "Facts about indicators"},
	Plans:         {[]string{"plan"}, "计划", "Plans"},
	Sections:      {[]string{"plan", "section", "title"}, "板块", "Sections"},
	Tasks:         {[]string{"lead", "plan", "section", "task", "title"}, "任务", "Tasks"},
	Organisations: {[]string{"organisation", "organisation_name", "plan", "role"}, "单位", "Organisations"},
	Portfolios:    {[]string{"plan", "portfolio", "title"}, "分管领导", "Portfolios"},
}

// Subjects lists all subjects.
func Subjects() []Subject {
	return []Subject{Indicators, Parts, Figures, PartFigures, Keys, Plans, Sections, Tasks, Organisations, Portfolios}
}

// Labels are the names of the subject's labels, in order of the alphabet. The
// slice is shared: it is only to be read.
func (s Subject) Labels() []string { return subjects[s].labels }

// Zh is the subject in Chinese.
func (s Subject) Zh() string { return subjects[s].zh }

// En is the subject in English.
func (s Subject) En() string { return subjects[s].en }
