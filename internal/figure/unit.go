package figure

import (
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"xushi/internal/fault"
)

// magnitudes are the words that multiply a Chinese unit, as powers of ten,
// longest first.
var magnitudes = []struct {
	word  string
	power int
}{{"万亿", 12}, {"千亿", 11}, {"百亿", 10}, {"十亿", 9}, {"亿", 8}, {"千万", 7}, {"百万", 6}, {"十万", 5}, {"万", 4}, {"千", 3}}

// splitUnit parts 亿元 into the power of ten 8 and the plain unit 元, and 万千瓦
// into 7 and 瓦.
func splitUnit(unit string) (power int, plain string) {
	for _, m := range magnitudes {
		if rest, ok := strings.CutPrefix(unit, m.word); ok && rest != "" {
			more, plain := splitUnit(rest)
			return m.power + more, plain
		}
	}
	return 0, unit
}

// convert turns a value from one unit into another of the same plain unit,
// exactly: 739000 万元 are 73.9 亿元. Fault unit_mismatch where the units do not
// fit; precision where 19 digits do not hold the result.
func convert(v decimal.Decimal, from, to string) (decimal.Decimal, *fault.Fault) {
	fromPower, fromPlain := splitUnit(from)
	toPower, toPlain := splitUnit(to)
	if fromPlain != toPlain {
		return v, fault.Newf("unit_mismatch", "单位 %[1]q 对不上：这个序列用 %[2]q。",
			"Unit %[1]q does not fit: the series takes %[2]q.", from, to)
	}
	shift := fromPower - toPower
	out, err := movePoint(v, shift)
	if back, err2 := movePoint(out, -shift); err != nil || err2 != nil || back.Cmp(v) != 0 {
		return v, fault.Newf("precision", "%[1]s %[2]s 换算成 %[3]s 超出 19 位数字。",
			"%[1]s %[2]s has more than 19 digits when written in %[3]s.", v, from, to)
	}
	return out.Trim(0), nil
}

// movePoint multiplies by a power of ten. Digits beyond the 19th are rounded
// away: the caller looks whether the way back gives the same value.
func movePoint(v decimal.Decimal, power int) (decimal.Decimal, error) {
	return decimal.Parse(v.String() + "e" + strconv.Itoa(power))
}
