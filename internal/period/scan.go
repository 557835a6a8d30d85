package period

import (
	"strings"
	"unicode"
)

// verdict is how far a scan came.
type verdict uint8

const (
	readable verdict = iota
	unknown          // not a notation of a period
	noYear           // a period, but of no year
	badYear          // a period of a year outside MinYear to MaxYear
	midMonth         // a date inside a month, which is no period
)

// scan reads a period from a text that has been normalised to runes: ASCII for
// full-width characters, upper case, '-' for every dash and for 至 and 到, one
// '.' for every dot, no spaces and brackets. A space between two digits stays,
// for "1 2月" could be December or two months.
type scan struct {
	text [MaxText]rune
	n    int // runes in text
	i    int // read so far
	year int // the one meant where the text names none, or 0
}

// normalise takes a text of at most MaxText bytes to be read.
func (s *scan) normalise(text string) {
	space := false
	for _, r := range text {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF':
			space = true
			continue
		case r == '(' || r == ')':
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		case r >= '‐' && r <= '―' || strings.ContainsRune("−﹣~〜∼至到", r):
			r = '-'
		case r == '〇' || r == '○' || r == '零':
			r = '0'
		}
		if space && s.n > 0 && isDigit(r) && isDigit(s.text[s.n-1]) {
			s.put(' ')
		}
		space = false
		if r == '-' && s.n > 0 && s.text[s.n-1] == '-' {
			continue // —— is one dash
		}
		s.put(r)
	}
}

func (s *scan) put(r rune) {
	if s.n < len(s.text) {
		s.text[s.n] = r
		s.n++
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// end tells whether the whole text has been read.
func (s *scan) end() bool { return s.i == s.n }

// peek is the next rune, or 0 at the end.
func (s *scan) peek() rune {
	if s.end() {
		return 0
	}
	return s.text[s.i]
}

// eat reads a word if it comes next.
func (s *scan) eat(word string) bool {
	i := s.i
	for _, r := range word {
		if i == s.n || s.text[i] != r {
			return false
		}
		i++
	}
	s.i = i
	return true
}

// eatAny reads the first of the words that comes next.
func (s *scan) eatAny(words ...string) bool {
	for _, w := range words {
		if s.eat(w) {
			return true
		}
	}
	return false
}

// digits reads exactly n digits that no further digit follows.
func (s *scan) digits(n int) (int, bool) {
	v, i := 0, s.i
	for ; i < s.n && i < s.i+n && isDigit(s.text[i]); i++ {
		v = v*10 + int(s.text[i]-'0')
	}
	if i != s.i+n || i < s.n && isDigit(s.text[i]) {
		return 0, false
	}
	s.i = i
	return v, true
}

// zhDigit is the value of a Chinese numeral from 0 to 9.
func zhDigit(r rune) (int, bool) {
	for v, z := range [...]rune{'0', '一', '二', '三', '四', '五', '六', '七', '八', '九'} {
		if r == z {
			return v, true
		}
	}
	return 2, r == '两'
}

// number reads 1 to 12 with one or two digits, or in Chinese.
func (s *scan) number() (int, bool) {
	start := s.i
	v, ok := s.digits(1)
	if !ok {
		v, ok = s.digits(2)
	}
	if !ok {
		if v, ok = zhDigit(s.peek()); ok {
			s.i++
		} else if s.eat("十") {
			v, ok = 10, true
			if unit, is := zhDigit(s.peek()); is {
				v, s.i = v+unit, s.i+1
			}
		}
	}
	if !ok || v < 1 || v > 12 {
		s.i = start
		return 0, false
	}
	return v, true
}

// yearMark is what stands between a year and what follows it.
type yearMark rune

const (
	none yearMark = 0   // 2026Q1
	nian yearMark = '年' // 2026年5月
	dash yearMark = '-'
	dot  yearMark = '.' // or /
)

// named reads a year of four digits and the mark after it. An ordinary number
// follows only on a mark; without one, the end or a letter or word must.
func (s *scan) named() (year int, mark yearMark, ok bool) {
	start := s.i
	year, ok = s.digits(4)
	if !ok {
		for range 4 { // 二〇二六年
			v, is := zhDigit(s.peek())
			if !is {
				s.i = start
				return 0, none, false
			}
			year, s.i = year*10+v, s.i+1
		}
		if s.peek() != '年' {
			s.i = start
			return 0, none, false
		}
	}
	switch {
	case s.eat("年"):
		mark = nian
		s.eat("-") // 2026年-5月 is seen, if rarely
	case s.eat("-"):
		mark = dash
	case s.eat(" "): // 2026 5月
	case s.eatAny(".", "/"):
		mark = dot
	}
	return year, mark, true
}

// all reads the whole text.
func (s *scan) all() (reading, verdict) {
	if s.n == 0 {
		return reading{}, unknown
	}
	got, why := s.period()
	if why == readable && !s.end() {
		why = unknown
	}
	if why != readable {
		return reading{}, why
	}
	if lo, hi := got.lo.Year(), got.hi.Year(); !inYears(lo) || !inYears(hi) {
		if s.year == 0 && lo == 0 {
			return reading{}, noYear
		}
		return reading{}, badYear
	}
	if got.lo > got.hi {
		return reading{}, unknown
	}
	return got, readable
}

// period reads a period and leaves open whether anything follows it.
func (s *scan) period() (reading, verdict) {
	if got, ok := s.compact(); ok {
		return got, readable
	}
	year, mark, named := s.named()
	if !named {
		year = s.year
	} else if s.end() {
		if mark == dash || mark == dot || s.text[s.n-1] == '-' {
			return reading{}, unknown
		}
		return months(year, 1, 12), readable // 2026, 2026年
	}
	switch {
	case s.eatAny("全年度", "全年"):
		return months(year, 1, 12), readable
	case s.eat("年度"), mark == nian && s.eat("度"):
		s.eat("累计")
		return months(year, 1, 12), readable
	case s.eat("上半年"):
		s.eat("累计")
		return months(year, 1, 6), readable
	case s.eat("下半年"):
		return months(year, 7, 12), readable
	case s.eat("前"):
		return s.firstOf(year)
	case s.eat("M"):
		m, ok := s.number()
		return bareMonth(year, m), are(ok)
	case s.eat("H"):
		h, ok := s.number()
		return months(year, h*6-5, h*6), are(ok && h <= 2)
	case s.eat("Q"):
		return s.quarters(year)
	}
	return s.numbers(year, mark, named)
}

// compact reads 202605, and 202601-202605.
func (s *scan) compact() (reading, bool) {
	start := s.i
	v, ok := s.digits(6)
	if !ok {
		return reading{}, false
	}
	got, ok := bareMonth(v/100, v%100), v%100 >= 1 && v%100 <= 12
	if s.eat("-") {
		w, six := s.digits(6)
		got, ok = reading{lo: got.hi, hi: bareMonth(w/100, w%100).hi}, ok && six && w%100 >= 1 && w%100 <= 12
	}
	if !ok {
		s.i = start
	}
	return got, ok
}

// firstOf reads what follows 前: 三季度, 5个月.
func (s *scan) firstOf(year int) (reading, verdict) {
	n, ok := s.number()
	switch {
	case !ok:
		return reading{}, unknown
	case s.eatAny("个季度", "季度"):
		return months(year, 1, n*3), are(n <= 4)
	case s.eatAny("个月", "月"):
		return months(year, 1, n), readable
	}
	return reading{}, unknown
}

// quarters reads what follows Q: 1, 1-Q3, 1-3.
func (s *scan) quarters(year int) (reading, verdict) {
	lo, ok := s.number()
	hi := lo
	if ok && s.eat("-") {
		s.eat("Q")
		hi, ok = s.number()
	}
	return months(year, lo*3-2, hi*3), are(ok && lo <= hi && hi <= 4)
}

// numbers reads what begins with a number: months and quarters, their
// stretches, and dates.
func (s *scan) numbers(year int, mark yearMark, named bool) (reading, verdict) {
	ordinal := s.eat("第")
	a, ok := s.number()
	if !ok {
		return reading{}, unknown
	}
	if s.eatAny("季度", "季") {
		return s.afterQuarter(year, a)
	}
	if ordinal {
		if b, ok := s.through(); ok && s.eatAny("季度", "季") { // 第一至三季度
			return months(year, a*3-2, b*3), are(a <= b && b <= 4)
		}
		return reading{}, unknown
	}
	if s.eat("月") {
		s.eatAny("份", "度")
		return s.afterMonth(year, a)
	}
	if named && s.end() && (mark == dash || mark == dot) {
		return bareMonth(year, a), readable // 2026-5, 2026.5
	}
	if got, why := s.date(year, a, mark); why != unknown {
		return got, why
	}
	if !s.eat("-") {
		return reading{}, unknown
	}
	if other, mark2, ok := s.named(); ok { // 2026.1-2026.5, 2026.1-2026年5月
		b, ok := s.number()
		if !ok || !named || mark2 == none {
			return reading{}, unknown
		}
		if s.eat("月") {
			s.eat("份")
		}
		return reading{lo: monthOf(year, a), hi: monthOf(other, b)}, readable
	}
	s.eat("第")
	b, ok := s.number()
	switch {
	case !ok:
		return reading{}, unknown
	case s.eatAny("季度", "季"): // 1-3季度
		s.total()
		return months(year, a*3-2, b*3), are(a <= b && b <= 4)
	case s.eat("月"): // 1-5月
		s.eatAny("份", "度")
		return s.stretch(monthOf(year, a), monthOf(year, b))
	case named && mark == dot && s.end(): // 2026.1-5; 2026-1-5 could be a date
		return months(year, a, b), readable
	}
	return reading{}, unknown
}

// through reads the other end of a stretch of quarters: -三, -第三.
func (s *scan) through() (int, bool) {
	if !s.eat("-") {
		return 0, false
	}
	s.eat("第")
	return s.number()
}

// afterQuarter reads what may follow 一季度: 当季, 累计, -三季度.
func (s *scan) afterQuarter(year, a int) (reading, verdict) {
	b := a
	if n, ok := s.through(); ok {
		if b = n; !s.eatAny("季度", "季") {
			return reading{}, unknown
		}
	} else {
		s.eat("当季")
	}
	if b < a || b > 4 {
		return reading{}, unknown
	}
	// 二季度累计 may count from April or from January: it is left unread.
	if a == 1 {
		s.total()
	}
	return months(year, a*3-2, b*3), readable
}

// afterMonth reads what may follow 5月: 当月, 累计, 31日, -7月, -2026年7月.
func (s *scan) afterMonth(year, a int) (reading, verdict) {
	switch {
	case s.end():
		return bareMonth(year, a), readable
	case s.eatAny("当月", "单月"):
		return months(year, a, a), readable
	case s.total():
		return months(year, 1, a), readable
	case s.eat("-"):
		hiYear := year
		if other, mark, ok := s.named(); ok {
			if mark != nian {
				return reading{}, unknown
			}
			hiYear = other
		}
		b, ok := s.number()
		if !ok || !s.eat("月") {
			return reading{}, unknown
		}
		s.eatAny("份", "度")
		return s.stretch(monthOf(year, a), monthOf(hiYear, b))
	}
	if day, ok := s.day(); ok && s.eatAny("日", "号") {
		return dated(year, a, day)
	}
	return reading{}, unknown
}

// stretch ends 1—5月, which may be said to be cumulative if it begins in January.
func (s *scan) stretch(lo, hi Month) (reading, verdict) {
	if lo.index() == 0 {
		s.total()
	}
	return reading{lo: lo, hi: hi}, are(lo <= hi)
}

// total reads the word for cumulative.
func (s *scan) total() bool { return s.eatAny("累计数", "累计") }

// date reads the rest of 2026-05-31, perhaps with the midnight that a
// spreadsheet adds. It is unknown, and nothing read, where no date is written.
func (s *scan) date(year, month int, mark yearMark) (reading, verdict) {
	start := s.i
	if mark == dash && s.eat("-") || mark == dot && s.eatAny(".", "/") {
		if day, ok := s.day(); ok {
			midnight := !s.eatAny(" ", "T") || s.eatAny("00:00:00", "00:00", "0:00:00", "0:00")
			if midnight && s.end() {
				return dated(year, month, day)
			}
		}
	}
	s.i = start
	return reading{}, unknown
}

// day reads 1 to 31.
func (s *scan) day() (int, bool) {
	v, ok := s.digits(1)
	if !ok {
		v, ok = s.digits(2)
	}
	return v, ok && v >= 1 && v <= 31
}

// dated takes a date for its month where it can only stand for it: 1 May is
// what a spreadsheet makes of 2026-05, 31 May is the end of the period; but
// 5 January is what it makes of 1-5.
func dated(year, m, day int) (reading, verdict) {
	got := bareMonth(year, m)
	switch last := got.hi.Days(); {
	case day > last:
		return reading{}, unknown
	case day != 1 && day != last:
		return reading{}, midMonth
	}
	return got, readable
}

func monthOf(year, m int) Month { return Month(year*12 + m - 1) }

func bareMonth(year, m int) reading { return reading{monthOf(year, m), monthOf(year, m), true} }

func months(year, lo, hi int) reading { return reading{lo: monthOf(year, lo), hi: monthOf(year, hi)} }

func are(ok bool) verdict {
	if ok {
		return readable
	}
	return unknown
}

// quotable makes a text fit to stand in a sentence: no longer than MaxText, no
// line breaks, no broken characters.
func quotable(text string) string {
	if len(text) > MaxText {
		text = strings.ToValidUTF8(text[:MaxText], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}
