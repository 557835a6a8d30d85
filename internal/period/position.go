package period

// Position counts whole months from the start of a plan's year to the end of a
// day, plus the fraction of its month by days: 15 June is 5.5, 30 June is 6,
// 31 December is 12; the eve of the year is 0 and earlier days are negative.
// The exact value is num ÷ den; den is the number of days of the month and
// greater than 0. The fraction is not reduced.
func Position(d Date, yearStart Month) (num, den int) {
	y, mon, day := d.YMD()
	m := NewMonth(y, mon)
	den = m.Days()
	return int(m-yearStart)*den + day, den
}
