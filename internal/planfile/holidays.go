package planfile

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"xushi/internal/period"
)

// Calendar reads a holiday calendar: YAML as seeds/holidays/cn.yaml explains it.
func Calendar(data []byte) (*period.Calendar, error) {
	var file struct {
		ID    string `yaml:"id"`
		Name  string `yaml:"name"`
		Years []struct {
			Year     int    `yaml:"year"`
			Document string `yaml:"document"`
			Number   string `yaml:"number"`
			Date     string `yaml:"date"`
			Off      []struct {
				Name string `yaml:"name"`
				From string `yaml:"from"`
				To   string `yaml:"to"`
			} `yaml:"off"`
			Work []string `yaml:"work"`
		} `yaml:"years"`
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("holiday calendar: %w", err)
	}
	var off, work []period.Date
	for _, year := range file.Years {
		for _, stretch := range year.Off {
			from, err := period.ParseDate(stretch.From)
			if err != nil {
				return nil, fmt.Errorf("holiday calendar, %s: %w", stretch.Name, err)
			}
			to, err := period.ParseDate(stretch.To)
			if err != nil {
				return nil, fmt.Errorf("holiday calendar, %s: %w", stretch.Name, err)
			}
			if to < from || to-from > 60 {
				return nil, fmt.Errorf("holiday calendar, %s: %s to %s is no stretch of days off", stretch.Name, from, to)
			}
			for d := from; d <= to; d++ {
				off = append(off, d)
			}
		}
		for _, text := range year.Work {
			d, err := period.ParseDate(text)
			if err != nil {
				return nil, fmt.Errorf("holiday calendar, working days of %d: %w", year.Year, err)
			}
			work = append(work, d)
		}
	}
	return period.NewCalendar(file.ID, off, work)
}
