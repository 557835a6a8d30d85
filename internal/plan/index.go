package plan

// Task gives the task of a number; nil where there is none.
func (p *Plan) Task(number int) *Task {
	for i := range p.Tasks {
		if p.Tasks[i].Number == number {
			return &p.Tasks[i]
		}
	}
	return nil
}

// Indicator gives the indicator of an id and its task; nil where there is none.
func (p *Plan) Indicator(id string) (*Indicator, *Task) {
	for i := range p.Tasks {
		t := &p.Tasks[i]
		for j := range t.Indicators {
			if t.Indicators[j].ID == id {
				return &t.Indicators[j], t
			}
		}
	}
	return nil, nil
}

// Organisation gives the organisation of an id; nil where there is none.
func (p *Plan) Organisation(id string) *Organisation {
	for i := range p.Organisations {
		if p.Organisations[i].ID == id {
			return &p.Organisations[i]
		}
	}
	return nil
}

// Measure gives the series of an id as the plan writes it; nil where the plan
// does not define it.
func (p *Plan) Measure(id string) *Series {
	for i := range p.Series {
		if p.Series[i].ID == id {
			return &p.Series[i]
		}
	}
	return nil
}
