package dashboard

// gridColumns is the width of Grafana's grid.
const gridColumns = 24

// line is panels side by side, all of one height.
type line struct {
	height int
	panels []*Panel
}

// across puts panels beside each other; their widths should fill the grid.
func across(height int, panels ...*Panel) line { return line{height, panels} }

// heading is a row: it parts a long page, and can be folded.
func heading(title string) line {
	open := false
	return line{1, []*Panel{{Type: "row", Title: title, GridPos: GridPos{W: gridColumns}, Collapsed: &open, Panels: &[]*Panel{}}}}
}

// lay places the lines below each other.
func lay(lines ...line) []*Panel {
	var all []*Panel
	y := 0
	for _, l := range lines {
		x := 0
		for _, p := range l.panels {
			p.GridPos = GridPos{X: x, Y: y, W: p.GridPos.W, H: l.height}
			x += p.GridPos.W
			all = append(all, p)
		}
		y += l.height
	}
	return all
}

// wide sets the panel's width in columns.
func (p *Panel) wide(w int) *Panel { p.GridPos.W = w; return p }
