package figure

import "xushi/internal/fault"

// View is which revisions count: those that were published, or all. A plan that
// needs no approval publishes a figure as it is posted, so that both are the same.
type View string

// The views.
const (
	Published View = "published"
	All       View = "all"
)

// ParseView reads a view; empty is published. Fault bad_view.
func ParseView(s string) (View, error) {
	switch v := View(s); v {
	case "":
		return Published, nil
	case Published, All:
		return v, nil
	default:
		return "", fault.Newf("bad_view", "视图 %[1]q 不认识；可用 published、all。", "View %[1]q is unknown; use published or all.", s).At("view")
	}
}
