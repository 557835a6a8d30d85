package fault

import "strings"

// Clip keeps a message short, whatever was sent.
func Clip(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return strings.ToValidUTF8(s, "�")
}
