// Package seeds carries the files that come with the program: the plans, the
// JSON Schema of plan files and the holiday calendars.
package seeds

import (
	"embed"
	"slices"
	"strings"
)

//go:embed *.yaml plan.schema.json holidays/*.yaml
var files embed.FS

// PlanSchema is the JSON Schema (2020-12) of plan files.
func PlanSchema() []byte {
	b, err := files.ReadFile("plan.schema.json")
	if err != nil {
		panic(err) // embedded: it is there or nothing compiles
	}
	return b
}

// Plan gives the plan file of an id such as gulou-2026; false where none comes
// with the program.
func Plan(id string) ([]byte, bool) {
	if strings.ContainsAny(id, "/\\") {
		return nil, false
	}
	b, err := files.ReadFile(id + ".yaml")
	return b, err == nil
}

// Plans lists the ids of the plans that come with the program.
func Plans() []string { return ids(".") }

// Holidays gives the holiday calendar of an id such as cn; false where none
// comes with the program.
func Holidays(id string) ([]byte, bool) {
	if strings.ContainsAny(id, "/\\") {
		return nil, false
	}
	b, err := files.ReadFile("holidays/" + id + ".yaml")
	return b, err == nil
}

// Calendars lists the ids of the holiday calendars that come with the program.
func Calendars() []string { return ids("holidays") }

// ids lists the names of the YAML files of a folder.
func ids(folder string) []string {
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil
	}
	var list []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".yaml"); ok && !e.IsDir() {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}
