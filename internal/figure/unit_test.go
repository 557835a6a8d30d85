package figure

import (
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

// Converted there and back, a value is what it was, or it is refused.
func TestConvertBack(t *testing.T) {
	words := []string{"", "千", "万", "十万", "百万", "千万", "亿", "十亿", "百亿", "千亿", "万亿"}
	plain := []string{"元", "人", "家", "平方米", "千瓦", "美元"}
	rapid.Check(t, func(r *rapid.T) {
		p := rapid.SampledFrom(plain).Draw(r, "plain")
		from := rapid.SampledFrom(words).Draw(r, "from") + p
		to := rapid.SampledFrom(words).Draw(r, "to") + p
		v := decimal.MustNew(rapid.Int64Range(-1e15, 1e15).Draw(r, "digits"), rapid.IntRange(0, 6).Draw(r, "scale"))
		there, f := convert(v, from, to)
		if f != nil {
			if f.Code != "precision" {
				r.Fatalf("%s %s to %s: %v", v, from, to, f)
			}
			return
		}
		back, f := convert(there, to, from)
		if f != nil || back.Cmp(v) != 0 {
			r.Fatalf("%s %s is %s %s is %s %s (%v)", v, from, there, to, back, from, f)
		}
	})
}
