// Package planfile reads plan files: YAML in the form that seeds/plan.schema.json
// describes, with defaults left out, into the canonical plan.Plan. What is wrong
// in a file is told with file, line and column, in sentences for the people who
// write plans.
package planfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"xushi/internal/fault"
	"xushi/internal/plan"
)

// MaxSize is how many bytes a plan file may have.
const MaxSize = 4 << 20

// maxFaults bounds how many faults of one file are told.
const maxFaults = 200

// Report is what reading a file came to. Plan is nil where there are errors;
// warnings do not keep a plan from being applied.
type Report struct {
	Plan     *plan.Plan
	Errors   fault.List
	Warnings fault.List

	name string
	root *node // nil where the file cannot be read
}

// Check reads a plan file and tells everything that is wrong or doubtful in it.
// name is what faults call the file. It goes in stages, the next one only where
// the one before found no errors. Codes, beside those of judge.Compile,
// judge.CheckBands, judge.CheckTrajectory and period.DueRule.Check:
//
//	reading     file_read file_size file_encoding file_empty yaml_syntax yaml_limits
//	            yaml_unsupported yaml_alias duplicate_key number_form number_digits
//	schema      unknown_field missing_field bad_type bad_choice bad_id bad_date bad_time
//	            empty_value text_space too_long too_few too_many out_of_range schema
//	plan        bad_time_zone date_year section_number section_empty duplicate_id
//	            duplicate_name former_name members_of_group date_order circular_reference
//	references  unknown_organisation unknown_section unknown_series unknown_indicator
//	            duplicate_reference lead_and_co
//	series      series_conflict series_area ratio_unit ratio_span unit_mismatch
//	tasks       task_number section_order event_year clause_not_in_text
//	kinds       missing_for_kind field_not_for_kind comparator target_zero bands_unit rhythm_span
//	changes     change_date change_empty deadline_year
//	checklists  checklist_empty checklist_size checklist_short planned_year
//	            planned_after_deadline weight_of_count
//	parts       total_without_parts total_of_rates
//	sync        reference_without_figure reference_unit
//	warnings    holidays_unknown portfolio_twice ratio_units series_unused bands_default
//	            parts_sum reference_rhythm comparator_wording commitment_wording target_wording
func Check(name string, data []byte) Report {
	r := Report{name: name}
	root, faults := readTree(data)
	if len(faults) == 0 {
		r.root = root
		r.Plan, r.Errors, r.Warnings = read(root)
	} else {
		r.Errors = faults
	}
	for _, list := range []fault.List{r.Errors, r.Warnings} {
		for _, f := range list {
			f.File = name
		}
	}
	if len(r.Errors) > 0 {
		r.Plan = nil
	}
	return r
}

// Parse reads a plan file; the plan is nil where there are faults. Warnings are
// left out: see Check.
func Parse(name string, data []byte) (*plan.Plan, fault.List) {
	r := Check(name, data)
	return r.Plan, r.Errors
}

// Load reads the plan file at a path.
func Load(path string) Report {
	data, err := readFile(path)
	if err != nil {
		f := fault.Newf("file_read", "无法读取文件。", "The file cannot be read.")
		if errors.Is(err, fs.ErrNotExist) {
			f = fault.Newf("file_read", "没有这个文件。", "There is no such file.")
		}
		f.File = path
		return Report{Errors: fault.List{f}, name: path}
	}
	return Check(filepath.ToSlash(path), data)
}

// readFile reads no more than is needed to see that a file is too large.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	return io.ReadAll(io.LimitReader(f, MaxSize+1))
}
