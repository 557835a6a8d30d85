package board_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"xushi/internal/board"
	"xushi/internal/judge"
	"xushi/internal/plan"
)

// dump writes everything that a snapshot says, to compare two of them.
func dump(t testing.TB, s *board.Snapshot) string {
	t.Helper()
	var b strings.Builder
	say := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	state := func(it *board.Item, st *board.State) {
		fmt.Fprintf(&b, "  %s %s %v %v %d %v %v %q %v ", st.Period.Code(), st.Light, st.Reporting, st.Judgement.Status, st.Missed, st.DuePeriod.Code(), st.DueAt.Unix(), st.Document, st.Known.UnixMicro())
		if st.Figure != nil {
			fmt.Fprintf(&b, "#%d/%d ", st.Figure.Seq, st.Figure.Item)
		}
		say(st.Judgement)
		say(st.Original)
	}
	for _, p := range s.Plans {
		fmt.Fprintf(&b, "%s version %d\n", p.ID, p.Seq)
		for _, it := range p.Items {
			b.WriteString(it.ID + "\n")
			state(it, &it.State)
			for i := range it.Parts {
				state(it, &it.Parts[i])
			}
			for i := range it.Entries {
				fmt.Fprintf(&b, "  entry %s %v\n", it.Entries[i].ID, it.Entries[i].Done())
			}
			say(it.Account)
			say(it.Set)
			for _, st := range s.History(p, it, "") {
				fmt.Fprintf(&b, "  at %s %v %v %v", st.Code(), st.Reporting, st.Actual, st.Expected)
			}
			b.WriteByte('\n')
		}
		say(p.Tally())
	}
	return b.String()
}

// line says shortly how a target stands: what a leader would read of it.
func line(st *board.State) string {
	j := &st.Judgement
	out := []string{st.Period.Zh(), j.Status.String(), st.Light.String(), st.Reporting.String()}
	if j.Reason != "" {
		out[1] += "(" + string(j.Reason) + ")"
	}
	if st.Missed > 0 {
		out = append(out, fmt.Sprintf("missed=%d", st.Missed))
	}
	out = append(out, j.Actual.String()+"/"+j.Expected.String())
	if st.Original != nil {
		out = append(out, "original="+st.Original.Status.String())
	}
	if st.DuePeriod != (board.Own{}).Period {
		out = append(out, "due="+st.DuePeriod.Zh())
	}
	return strings.TrimSpace(strings.Join(out, " "))
}

// page says how every target of a plan stands, a line each.
func page(s *board.Snapshot, id string) string {
	var b strings.Builder
	p := s.Plan(id)
	for _, it := range p.Items {
		fmt.Fprintf(&b, "%-10s %s\n", it.ID, line(&it.State))
		for i := range it.Parts {
			fmt.Fprintf(&b, "  %-8s %s\n", it.Parts[i].Part.ID, line(&it.Parts[i]))
		}
		if it.Kind == plan.Standing && it.Set != nil {
			status, _ := judge.ParseSet(it.Set.Light)
			fmt.Fprintf(&b, "  set %s, account %q\n", status, it.Account.Text)
		}
	}
	t := p.Tally().Plan
	fmt.Fprintf(&b, "judged=%d status=%v light=%v reporting=%v lowered=%d late=%d standing=%v context=%d\n",
		t.Judged, t.Status, t.Light, t.Reporting, t.Lowered, t.LateDone, t.Standing, t.Context)
	return b.String()
}
