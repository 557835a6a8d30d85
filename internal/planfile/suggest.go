package planfile

import (
	"slices"
	"strings"
)

// suggestion gives the ending of a sentence that offers the known word nearest
// to what was written; empty where none is near.
func suggestion(wrote string, known []string) (zh, en string) {
	best, least := "", 0
	w := fold(wrote)
	if strings.Trim(w, "<>=!≠") == "" {
		known = comparison(w, known) // signs are too short to be compared by their letters
	}
	for _, k := range known {
		d := distance(w, fold(k))
		if limit := max(1, len([]rune(k))/3); d <= limit && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best == "" {
		return "", ""
	}
	return "，是否应为“" + best + "”", "; did you mean \"" + best + "\""
}

// fold makes words alike that differ in case, hyphens or spaces only, and
// comparators that are written as one sign or in full width.
func fold(s string) string { return folded.Replace(strings.ToLower(s)) }

var folded = strings.NewReplacer("-", "", "_", "", " ", "",
	"＞", ">", "＜", "<", "＝", "=", "≥", ">=", "≧", ">=", "⩾", ">=", "≤", "<=", "≦", "<=", "⩽", "<=")

// comparison gives the comparator that was meant by signs, where it is known.
func comparison(signs string, known []string) []string {
	switch signs {
	case "=>", ">==":
		signs = ">="
	case "=<", "<", "<==": // there is no "less than"
		signs = "<="
	}
	if slices.Contains(known, signs) {
		return []string{signs}
	}
	return nil
}

// distance counts the insertions, deletions, exchanges and swaps of neighbours
// that lead from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return max(len(x), len(y)) // far: nobody types such a word nearly right
	}
	before, last, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(y)]
}
