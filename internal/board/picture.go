package board

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"xushi/internal/exact"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/period"
	"xushi/internal/plan"
)

var _ figure.Picture = (*Board)(nil)

// indexSlots finds what may be posted of a series that some indicators of plans in
// force read: the parts that those indicators have.
func (b *Board) indexSlots(series string, inds []*Indicator) {
	definition := b.book.series[series]
	if definition == nil || definition.Ratio != nil {
		return
	}
	span, err := period.ParseSpan(definition.Span)
	if err != nil {
		return // the plan check refuses it
	}
	for _, ind := range inds {
		for _, part := range ind.posted() {
			at := figure.Address{Series: series, Part: part}
			slot := b.book.slots[at]
			if slot == nil {
				slot = &figure.Slot{Series: series, Part: part, Definition: definition, Span: span,
					Step: exact.FromDecimal(definition.Step), Zone: ind.Plan.Zone,
					Year: ind.Plan.Year, First: ind.Plan.Year - 1, Last: ind.Plan.Year}
				b.book.slots[at] = slot
			}
			admit(slot, ind)
		}
	}
}

// posted are the parts that figures are posted for, "" for the total.
func (ind *Indicator) posted() []string {
	if !ind.HasFigures() {
		return nil
	}
	parts := make([]string, 0, 1+len(ind.parts))
	if ind.Total != "sum" && ind.Total != "none" {
		parts = append(parts, "")
	}
	for i := range ind.parts {
		parts = append(parts, ind.parts[i].id)
	}
	return parts
}

// admit widens a slot for one more indicator that reads it.
func admit(slot *figure.Slot, ind *Indicator) {
	slot.First = min(slot.First, ind.Plan.Year-1)
	slot.Last = max(slot.Last, ind.Plan.Year)
	slot.Year = max(slot.Year, ind.Plan.Year)
	if !slices.Contains(slot.Rhythms, ind.Rhythm) {
		slot.Rhythms = append(slot.Rhythms, ind.Rhythm)
	}
	for _, org := range posters(ind) {
		if !slices.Contains(slot.Organisations, org) {
			slot.Organisations = append(slot.Organisations, org)
		}
	}
}

// posters are the organisations that may post for an indicator: the series'
// reporter and source, and the leads.
func posters(ind *Indicator) []string {
	var out []string
	add := func(id string) {
		if id != "" {
			out = append(out, ind.Plan.Area+"/"+id)
		}
	}
	if ind.Reporter != nil {
		add(ind.Reporter.ID)
	}
	if ind.Series != nil {
		add(ind.Series.Source)
	}
	for _, o := range ind.Leads {
		add(o.ID)
	}
	return out
}

// Slot finds what an address stands for; see figure.Picture.
func (b *Board) Slot(a figure.Address) (*figure.Slot, *fault.Fault) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if a.Series != "" && a.Indicator == "" {
		definition := b.book.series[a.Series]
		if definition == nil {
			return nil, UnknownSeries(a.Series)
		}
		if definition.Ratio != nil {
			return nil, derived(a.Series, definition)
		}
		return b.slot(a.Series, a.Part)
	}
	ind, f := b.indicator(a.Plan, a.Indicator)
	if f != nil {
		return nil, f
	}
	if a.Series != "" && seriesKey(ind.Plan.Area, a.Series) != ind.Key {
		return nil, fault.Newf("unknown_series", "指标 %[1]q 不用序列 %[2]q；两者只写其一。",
			"Indicator %[1]q does not read series %[2]q; give one of the two.", ind.ID, a.Series).At("series")
	}
	switch {
	case ind.Kind == plan.Milestone || ind.counted():
		return nil, fault.Newf("derived", "指标 %[1]q 由清单得出：请登记清单事项的完成情况（/api/v1/entries）。",
			"Indicator %[1]q follows from its checklist: mark its entries done instead (/api/v1/entries).", ind.ID).At("indicator")
	case ind.Series == nil:
		return nil, fault.Newf("not_numeric", "指标 %[1]q（%[2]s）不填数；常态推进类请报书面进展（/api/v1/accounts）。",
			"Indicator %[1]q (%[2]s) takes no figures; standing work takes written accounts (/api/v1/accounts).", ind.ID, ind.Kind).At("indicator")
	case ind.Series.Ratio != nil:
		return nil, derived(ind.Key, ind.Series)
	case a.Part == "" && ind.Total == "sum":
		return nil, fault.Newf("derived", "指标 %[1]q 的总数由各分项相加；请填分项。",
			"The total of indicator %[1]q is the sum of its parts; post the parts.", ind.ID).At("part")
	}
	slot, f := b.slot(ind.Key, a.Part)
	if f == nil && slot.Year != ind.Plan.Year { // 5月 is May of the plan that is named, not of the newest
		own := *slot
		own.Year = ind.Plan.Year
		slot = &own
	}
	return slot, f
}

// UnknownSeries is the fault that a series does not exist, or may not be known
// to exist.
func UnknownSeries(key string) *fault.Fault {
	return fault.Newf("unknown_series", "没有序列 %[1]q。", "There is no series %[1]q.", key).At("series")
}

func derived(key string, s *plan.Series) *fault.Fault {
	return fault.Newf("derived", "序列 %[1]q 由 %[2]q 除以 %[3]q 算出；请填这两个数。",
		"Series %[1]q is %[2]q over %[3]q; post those two.", key, s.Ratio.Numerator, s.Ratio.Denominator)
}

func (b *Board) slot(series, part string) (*figure.Slot, *fault.Fault) {
	if slot := b.book.slots[figure.Address{Series: series, Part: part}]; slot != nil {
		return slot, nil
	}
	if part != "" {
		return nil, fault.Newf("unknown_part", "%[1]q 没有分项 %[2]q。", "%[1]q has no part %[2]q.", series, part).At("part")
	}
	return nil, fault.Newf("unknown_series", "没有计划用到序列 %[1]q 的总数。", "No plan reads the total of series %[1]q.", series).At("series")
}

// Find finds an indicator of a plan in force by id, or by plan/id. Faults:
// unknown_plan, unknown_indicator, ambiguous_indicator, indicator_missing.
func (b *Board) Find(planID, id string) (*Indicator, *fault.Fault) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.indicator(planID, id)
}

// indicator is Find with the lock held.
func (b *Board) indicator(planID, id string) (*Indicator, *fault.Fault) {
	if id == "" {
		return nil, fault.New("indicator_missing", "没有写指标（indicator）或序列（series）。", "The indicator (or series) is missing.").At("indicator")
	}
	if p, rest, ok := strings.Cut(id, "/"); ok && planID == "" {
		planID, id = p, rest
	}
	if planID != "" {
		p := b.inForce(planID)
		if p == nil {
			return nil, unknownPlan(planID)
		}
		if ind := p.byID[id]; ind != nil {
			return ind, nil
		}
		return nil, UnknownIndicator(id)
	}
	switch found := b.book.byID[id]; len(found) {
	case 0:
		return nil, UnknownIndicator(id)
	case 1:
		return found[0], nil
	default:
		return nil, fault.Newf("ambiguous_indicator", "有 %[2]d 个计划有指标 %[1]q；请写明 plan。",
			"%[2]d plans have an indicator %[1]q; name the plan.", id, len(found)).At("plan")
	}
}

// UnknownIndicator is the fault that an indicator does not exist, or may not be
// known to exist.
func UnknownIndicator(id string) *fault.Fault {
	return fault.Newf("unknown_indicator", "没有指标 %[1]q；可用的见 /api/v1/indicators。",
		"There is no indicator %[1]q; /api/v1/indicators lists them.", id).At("indicator")
}

// Head is the newest revision of a place known at a moment; see figure.Picture.
func (b *Board) Head(p figure.Place, at time.Time) *figure.Revision {
	b.mu.RLock()
	h := b.book.histories[feed{p.Series, p.Part}]
	b.mu.RUnlock()
	return h.head(p, at)
}

// Entry finds a checklist entry and its newest event known at a moment; see
// figure.Picture.
func (b *Board) Entry(planID, indicator, entry string, at time.Time) (*figure.EntrySlot, *figure.EntryEvent, *fault.Fault) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	ind, f := b.indicator(planID, indicator)
	if f != nil {
		return nil, nil, f
	}
	if _, ok := ind.entryOrder[entry]; !ok {
		return nil, nil, fault.Newf("unknown_entry", "指标 %[1]q 的清单没有 %[2]q。",
			"The checklist of indicator %[1]q has no entry %[2]q.", ind.ID, entry).At("entry")
	}
	last, _ := b.book.entries[[2]string{ind.Plan.ID, ind.ID}].at(entry, at, entryKnown)
	return entrySlot(ind, entry), last, nil
}

func entrySlot(ind *Indicator, entry string) *figure.EntrySlot {
	return &figure.EntrySlot{Plan: ind.Plan.ID, Indicator: ind.ID, Entry: entry, Year: ind.Plan.Year,
		Rhythm: ind.Rhythm, Zone: ind.Plan.Zone, Organisations: posters(ind)}
}

// Account finds a standing indicator and what stood of a period at a moment; see
// figure.Picture.
func (b *Board) Account(planID, indicator string, p period.Period, at time.Time) (*figure.EntrySlot, *figure.Account, *fault.Fault) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	ind, f := b.indicator(planID, indicator)
	if f != nil {
		return nil, nil, f
	}
	if ind.Kind != plan.Standing {
		return nil, nil, fault.Newf("not_standing", "指标 %[1]q 不是常态推进类，请填数或登记清单。",
			"Indicator %[1]q is not standing work; post figures or checklist entries.", ind.ID).At("indicator")
	}
	var stands *figure.Account
	for _, a := range b.book.accounts[[2]string{ind.Plan.ID, ind.ID}][p] {
		if !at.IsZero() && a.KnownAt.After(at) {
			break
		}
		next := *a
		if stands != nil {
			next.Text, next.Light = cmp.Or(a.Text, stands.Text), cmp.Or(a.Light, stands.Light)
		}
		stands = &next
	}
	return entrySlot(ind, ""), stands, nil
}

// Compile tells whether a plan version could be taken in; see figure.Picture.
func (b *Board) Compile(v *figure.PlanVersion) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	p, err := compile(v, 0, b.calendars, func(key string) *plan.Series { return b.book.series[key] })
	if err != nil {
		return err
	}
	for i := range p.Series {
		if f := b.checkSeries(p, &p.Series[i]); f != nil {
			return f
		}
	}
	return nil
}

// checkSeries refuses to give a series another unit or span once it has figures
// or another plan reads it: they would silently mean something else.
func (b *Board) checkSeries(p *Plan, s *plan.Series) *fault.Fault {
	key := seriesKey(p.Area, s.ID)
	old := b.book.series[key]
	if old == nil || old.Unit == s.Unit && old.Span == s.Span {
		return nil
	}
	for _, ind := range b.book.readers[key] {
		if ind.Plan.ID != p.ID || slices.ContainsFunc(b.bind(new(Item), ind).histories, func(h *History) bool { return h != nil }) {
			return fault.Newf("series_conflict", "序列 %[1]q 已在用，单位 %[2]s、期间范围 %[3]s，不能改为 %[4]s、%[5]s；请另设一个序列。",
				"Series %[1]q is in use with unit %[2]s and span %[3]s and cannot become %[4]s, %[5]s; define another series.",
				key, old.Unit, old.Span, s.Unit, s.Span).At("series")
		}
	}
	return nil
}

// Plan is a plan's newest version, nil where there is none.
func (b *Board) Plan(id string) *plan.Plan {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if p := b.inForce(id); p != nil {
		return p.Plan
	}
	return nil
}

// HasOrganisation tells whether a plan in force names an organisation, area/id.
func (b *Board) HasOrganisation(areaID string) bool {
	area, id, ok := strings.Cut(areaID, "/")
	if !ok {
		return false
	}
	for _, p := range b.Snapshot().Plans {
		if p.Area == area && p.Organisation(id) != nil {
			return true
		}
	}
	return false
}
