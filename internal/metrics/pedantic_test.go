package metrics

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"xushi/internal/quantity"
	"xushi/internal/quantity/quantitytest"
)

// TestPedantic registers all families in one registry that checks every sample
// against its description: names, labels and help agree, and nothing collides.
func TestPedantic(t *testing.T) {
	table := quantity.New(quantitytest.Small(t).Snapshot(), quantity.Options{})
	r := prometheus.NewPedanticRegistry()
	for _, q := range quantity.Gauges() {
		if err := r.Register(newFamily(q, lines(table, q.Of))); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.Gather(); err != nil {
		t.Error(err)
	}
}

// TestInvalidText replaces what is no UTF-8 rather than lose the sample.
func TestInvalidText(t *testing.T) {
	got := pairs([]string{"a", "b"}, []string{"x\xffy", "z"})
	if got[0].GetValue() != "x\uFFFDy" || got[0].GetName() != "a" || got[1].GetValue() != "z" || got[1].GetName() != "b" {
		t.Errorf("%v", got)
	}
}
