package timeline

// Bound has a book keep less than it would.
func (b *Book) Bound(live, past, replays int) { b.most = bounds{live, past, replays} }

// Held counts the items in frames of the live picture, those before the last
// change included, and the replays.
func (b *Book) Held() (items, replays int) {
	for _, y := range b.live.years {
		items += y.holds()
		if old := y.before.Load(); old != nil {
			items += old.holds()
		}
	}
	return items, len(b.replays)
}
