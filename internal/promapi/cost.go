package promapi

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// Limits of what an expression may ask for. The engine bounds the samples that a
// query holds, and looks at nothing else: these are looked at before it starts.
const (
	maxTokens = 5_000     // the time to parse grows with the square of the depth
	maxSteps  = 1_000_000 // of a subquery: the engine lays a table out for them
	maxGrowth = 64        // by which label_replace and label_join may lengthen a label
	maxText   = 4 << 10   // bytes of text that they may put in
)

// noStep is the step of a subquery that names none: figures are about months.
const noStep = 24 * time.Hour

// check refuses an expression that would cost too much, or asks for what there
// is not here. span is the stretch of time that the query is about.
func check(expr parser.Expr, span time.Duration) error {
	var refused error
	text := 0
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			if n.Smoothed {
				refused = fmt.Errorf("smoothed is not for figures: nothing is interpolated between periods")
			}
		case *parser.SubqueryExpr:
			if steps := subquerySteps(n, path, span); steps > maxSteps {
				refused = fmt.Errorf("a subquery has %.0f steps, at most %d are allowed: make its range shorter or its step longer", steps, maxSteps)
			}
		case *parser.Call:
			grows, texts := growth(n)
			text += texts
			for _, outer := range path {
				if call, ok := outer.(*parser.Call); ok {
					g, _ := growth(call)
					grows *= g
				}
			}
			if grows > maxGrowth || text > maxText {
				refused = fmt.Errorf("label_replace and label_join would make labels too long")
			}
		}
		return refused
	})
	return refused
}

// subquerySteps counts the steps that a subquery is evaluated at: those of all the
// time that it is asked for, by the query and the subqueries around it.
func subquerySteps(n *parser.SubqueryExpr, path []parser.Node, span time.Duration) float64 {
	stretch := float64(span) + float64(n.Range)
	for _, outer := range path {
		if s, ok := outer.(*parser.SubqueryExpr); ok {
			stretch += float64(s.Range)
		}
	}
	step := n.Step
	if step <= 0 {
		step = noStep
	}
	return stretch / float64(step)
}

// growth is how many times as long a label may become by a call, and how much
// text the call puts in.
func growth(call *parser.Call) (times, text int) {
	times = 1
	if call.Func.Name != "label_replace" && call.Func.Name != "label_join" {
		return times, 0
	}
	for i, arg := range call.Args {
		s, ok := arg.(*parser.StringLiteral)
		if !ok {
			continue
		}
		text += len(s.Val)
		switch {
		case call.Func.Name == "label_join" && i >= 3: // the labels that are joined
			times = max(times, i-2)
			text += len(call.Args[2].String()) // between them
		case call.Func.Name == "label_replace" && i == 2:
			times = max(times, strings.Count(s.Val, "$"))
		}
	}
	return times, text
}
