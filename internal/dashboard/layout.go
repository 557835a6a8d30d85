package dashboard

// gridColumns is the width of Grafana's grid.
const gridColumns = 24

// block is panels that are placed together, seen from its upper left corner.
type block []*Panel

// across puts panels of one height beside each other; their widths should fill
// the grid.
func across(height int, panels ...*Panel) block {
	x := 0
	for _, p := range panels {
		p.GridPos = GridPos{X: x, W: p.GridPos.W, H: height}
		x += p.GridPos.W
	}
	return panels
}

// stacked puts panels of one width below each other.
func stacked(width int, panels ...*Panel) block {
	y := 0
	for _, p := range panels {
		p.GridPos = GridPos{Y: y, W: width, H: p.GridPos.H}
		y += p.GridPos.H
	}
	return panels
}

// beside puts stacks beside each other; they should be of one height.
func beside(stacks ...block) block {
	var all block
	x := 0
	for _, s := range stacks {
		for _, p := range s {
			p.GridPos.X = x
		}
		x += s[0].GridPos.W
		all = append(all, s...)
	}
	return all
}

// heading is a row: it parts a long page, and can be folded.
func heading(title string) block {
	open := false
	return block{{Type: "row", Title: title, GridPos: GridPos{W: gridColumns, H: 1}, Collapsed: &open, Panels: &[]*Panel{}}}
}

// lay places the blocks below each other.
func lay(blocks ...block) []*Panel {
	var all []*Panel
	y := 0
	for _, b := range blocks {
		bottom := y
		for _, p := range b {
			p.GridPos.Y += y
			bottom = max(bottom, p.GridPos.Y+p.GridPos.H)
		}
		y = bottom
		all = append(all, b...)
	}
	return all
}

// wide sets the panel's width in columns, tall its height.
func (p *Panel) wide(w int) *Panel { p.GridPos.W = w; return p }
func (p *Panel) tall(h int) *Panel { p.GridPos.H = h; return p }
