package period

import (
	"strconv"
	"strings"
)

// Names of periods as people read them. Parse reads the Chinese ones back.

// zhYTD names the stretches from January on by their last month.
var zhYTD = [12]string{
	"1月", "1—2月", "一季度", "1—4月", "1—5月", "上半年",
	"1—7月", "1—8月", "前三季度", "1—10月", "1—11月", "全年",
}

var zhMonth = [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}

var zhQuarter = [4]string{"一季度", "二季度", "三季度", "四季度"}

// enYTD names the stretches from January on by their last month.
var enYTD = [12]string{
	"January", "January–February", "January–March", "January–April", "January–May", "first half",
	"January–July", "January–August", "first three quarters", "January–October", "January–November", "full year",
}

var enMonth = [12]string{
	"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
}

var enQuarter = [4]string{"Q1", "Q2", "Q3", "Q4"}

// Zh is the period's Chinese name within its year: 5月, 1—2月, 一季度, 1—5月,
// 上半年, 前三季度, 全年.
func (p Period) Zh() string {
	i := p.End.index()
	switch p.Span {
	case SpanMonth:
		return zhMonth[i]
	case SpanJanFeb, SpanYTD:
		return zhYTD[i]
	case SpanQuarter:
		return zhQuarter[i/3]
	case SpanHalf:
		if i < 6 {
			return "上半年"
		}
		return "下半年"
	case SpanYear:
		return "全年"
	}
	return ""
}

// ZhYear is the Chinese name with the year: 2026年1—5月.
func (p Period) ZhYear() string {
	if p == (Period{}) {
		return ""
	}
	return strconv.Itoa(p.Year()) + "年" + p.Zh()
}

// En is the period's English name within its year: May, January–February, Q1,
// January–May, first half, first three quarters, full year.
func (p Period) En() string {
	i := p.End.index()
	switch p.Span {
	case SpanMonth:
		return enMonth[i]
	case SpanJanFeb, SpanYTD:
		return enYTD[i]
	case SpanQuarter:
		return enQuarter[i/3]
	case SpanHalf:
		if i < 6 {
			return "first half"
		}
		return "second half"
	case SpanYear:
		return "full year"
	}
	return ""
}

// EnYear is the English name with the year: January–May 2026, first half of 2026.
func (p Period) EnYear() string {
	if p == (Period{}) {
		return ""
	}
	name, of := p.En(), " "
	if strings.HasPrefix(name, "first ") || strings.HasPrefix(name, "second ") {
		of = " of "
	}
	return name + of + strconv.Itoa(p.Year())
}

// zhMonths names any stretch of months, as a fault quotes it.
func zhMonths(lo, hi Month) string {
	y := strconv.Itoa(lo.Year()) + "年"
	switch {
	case lo == hi:
		return y + zhMonth[lo.index()]
	case lo.Year() == hi.Year():
		return y + strconv.Itoa(lo.index()+1) + "—" + zhMonth[hi.index()]
	default:
		return y + zhMonth[lo.index()] + "—" + strconv.Itoa(hi.Year()) + "年" + zhMonth[hi.index()]
	}
}

// enMonths names any stretch of months, as a fault quotes it.
func enMonths(lo, hi Month) string {
	end := enMonth[hi.index()] + " " + strconv.Itoa(hi.Year())
	switch {
	case lo == hi:
		return end
	case lo.Year() == hi.Year():
		return enMonth[lo.index()] + "–" + end
	default:
		return enMonth[lo.index()] + " " + strconv.Itoa(lo.Year()) + "–" + end
	}
}
