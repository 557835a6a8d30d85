package figure

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"xushi/internal/fault"
)

// Service is the one way by which anything gets into the change log: it checks
// what is posted against the plans, decides what is new under the log's lock,
// records it and shows it to the picture before it answers.
//
// Posts that arrive while another is being made durable share the next commit,
// so many clients together pay for one sync.
type Service struct {
	log     Log
	picture Picture
	clock   func() time.Time

	observers []func([]*Change)
	telemetry Telemetry
	seal      *[sha256.Size]byte // hash of the newest change taken in, nil before the first; the holder of the turn owns it
	demo      atomic.Bool

	turn chan struct{} // held by the one goroutine that appends or catches up

	mu      sync.Mutex
	waiting []*request
}

// NewService makes a service over a log and the picture folded from it. Call
// CatchUp before the first post.
func NewService(log Log, picture Picture, clock func() time.Time) *Service {
	return &Service{log: log, picture: picture, clock: clock, telemetry: silent{}, turn: make(chan struct{}, 1)}
}

// Telemetry is told how the service gets on.
type Telemetry interface {
	ObserveCommit(requests, rows int, took time.Duration) // a commit group, with the wait for the log's lock
	ObservePost(outcome string, rows int)                 // rows of figures by what became of them
	ObserveHead(seq int64)                                // newest sequence number seen in the log
	ObserveFollowFailure()
}

// Tell has the service tell t how it gets on. Call it before the first post.
func (s *Service) Tell(t Telemetry) { s.telemetry = t }

// silent is the telemetry of a command that nobody scrapes.
type silent struct{}

func (silent) ObserveCommit(int, int, time.Duration) {}
func (silent) ObservePost(string, int)               {}
func (silent) ObserveHead(int64)                     {}
func (silent) ObserveFollowFailure()                 {}

// Observe has fn called with every change after the picture has taken it in, in
// the log's order, by one goroutine at a time. Call it before CatchUp.
func (s *Service) Observe(fn func([]*Change)) { s.observers = append(s.observers, fn) }

// fold shows changes to the picture and the observers. The chain is checked on
// the way: nothing that was altered since it was recorded is ever shown.
func (s *Service) fold(changes []*Change) error {
	if len(changes) == 0 {
		return nil
	}
	prev := s.seal
	if prev == nil && changes[0].Seq == 1 {
		prev = new([sha256.Size]byte)
	}
	for _, c := range changes {
		// A service over a picture that was folded before begins within the chain.
		if prev != nil && c.Hash != c.Seal(*prev) {
			return fault.Newf("chain_broken",
				"变更记录第 %[1]d 条与记录时不符（或其前一条被换过）：数据库被改动过。请停止使用，从备份恢复，并查明原因。",
				"Change %[1]d of the log is not as it was recorded, or the one before it was exchanged: the database was altered. Stop using it, restore a backup and find out why.", c.Seq)
		}
		prev = &c.Hash
	}
	if err := s.picture.Fold(changes); err != nil {
		return err
	}
	s.seal = prev
	if changes[0].Seq == 1 && changes[0].Kind == Demo {
		s.demo.Store(true)
	}
	for _, observe := range s.observers {
		observe(changes)
	}
	return nil
}

// request is one post on its way through the log.
type request struct {
	// decide says what the request adds, given the newest state; nil for nothing.
	decide func(*stage) (*Change, error)
	change *Change // as recorded; nil where nothing was
	err    error
	done   chan struct{}
}

// stage is the state that the requests of one commit group see: the picture and
// what the earlier requests of the group add to it.
type stage struct {
	Picture
	ctx   context.Context
	log   Log
	group []*Change
	own   map[Place][]*Revision // what the group's changes add
}

// head is the revision of a place at a moment, the group's own posts included.
// The zero moment is now, and a post without known_at is known from now on.
func (s *stage) head(p Place, at time.Time) *Revision {
	head := s.Head(p, at)
	for _, r := range s.own[p] {
		switch {
		case r.KnownAt.IsZero():
			if at.IsZero() {
				head = r
			}
		case !at.IsZero() && r.KnownAt.After(at):
		case head == nil || !head.KnownAt.IsZero() && !head.KnownAt.After(r.KnownAt):
			head = r
		}
	}
	return head
}

// recall finds the receipt of an idempotency key, in the group or the log.
func (s *stage) recall(actor, key string) (*Receipt, error) {
	for _, c := range s.group {
		if c.Actor == actor && c.Receipt != nil && c.Receipt.Key == key {
			return c.Receipt, nil
		}
	}
	return s.log.Recall(s.ctx, actor, key)
}

// next is the sequence number that the next change of the group will have.
func (s *stage) next() int64 { return s.Seq() + int64(len(s.group)) + 1 }

// maxGroup bounds one commit group, so that a burst cannot hold the log's lock for long.
const maxGroup = 512

// submit sends a request through the log and waits until it is durable and
// shown, or refused. Once the request is being committed a cancelled context no
// longer takes it back: the answer must be true.
func (s *Service) submit(ctx context.Context, decide func(*stage) (*Change, error)) (*Change, error) {
	r := &request{decide: decide, done: make(chan struct{})}
	s.mu.Lock()
	s.waiting = append(s.waiting, r)
	s.mu.Unlock()
	cancelled := ctx.Done()
	for {
		select {
		case <-r.done:
			return r.change, r.err
		case s.turn <- struct{}{}:
			// Whoever gets the turn commits for everybody who waits.
			s.lead(context.WithoutCancel(ctx))
		case <-cancelled:
			if s.withdraw(r) {
				return nil, ctx.Err()
			}
			cancelled = nil
		}
	}
}

// lead commits those who wait. The turn is given back whatever happens: a panic
// that the door recovers from must not stop everybody else for good.
func (s *Service) lead(ctx context.Context) {
	defer func() { <-s.turn }()
	if s.anybody() {
		s.commit(ctx)
	}
}

// anybody tells whether a request waits; the turn may come after another has
// answered them all.
func (s *Service) anybody() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) > 0
}

func (s *Service) take() []*request {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.waiting), maxGroup)
	taken := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	return taken
}

func (s *Service) withdraw(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, w := range s.waiting {
		if w == r {
			s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// commit records what the requests add in one transaction and tells each its result.
func (s *Service) commit(ctx context.Context) {
	var (
		group    []*request
		asked    []*request // those who added something, in the order of the changes
		recorded []*Change
		err      = errBroken
	)
	defer func() {
		if err != nil && len(group) == 0 {
			group = s.take() // the log could not even be asked: those who wait learn why
		}
		for i, r := range asked {
			if err == nil {
				r.change = recorded[i]
			}
		}
		for _, r := range group {
			if err != nil && r.err == nil {
				r.change, r.err = nil, fmt.Errorf("record: %w", err)
			}
			close(r.done)
		}
	}()
	began := time.Now() // a duration, not a moment: the injected clock does not matter here
	recorded, err = s.record(ctx, &group, &asked)
	if err == nil {
		s.telemetry.ObserveCommit(len(asked), items(recorded), time.Since(began))
		err = s.fold(recorded)
	}
}

// items counts what changes brought.
func items(changes []*Change) int {
	n := 0
	for _, c := range changes {
		n += len(c.Figures) + len(c.Entries) + len(c.Accounts)
	}
	return n
}

// errBroken is what the others of a group learn where one of them panics.
var errBroken = errors.New("the commit was broken off")

// record decides what each request adds, appends all of it, and says who asked
// for which change. A request that is refused harms nobody else.
func (s *Service) record(ctx context.Context, group, asked *[]*request) ([]*Change, error) {
	return s.log.Append(ctx, s.picture.Seq(), func(missed []*Change) ([]*Change, error) {
		// Taken as late as can be: who came while the lock was awaited shares the
		// commit. Letting others run first costs a lone client nothing.
		runtime.Gosched()
		*group = s.take()
		if err := s.fold(missed); err != nil {
			return nil, err
		}
		st := &stage{Picture: s.picture, ctx: ctx, log: s.log, own: map[Place][]*Revision{}}
		for _, r := range *group {
			r.change, r.err = r.decide(st)
			if r.err != nil || r.change == nil {
				continue
			}
			st.group = append(st.group, r.change)
			for i := range r.change.Figures {
				f := &r.change.Figures[i]
				st.own[f.Place()] = append(st.own[f.Place()], f)
			}
			*asked = append(*asked, r)
		}
		return st.group, nil
	})
}

// batchItems is how much of the log CatchUp reads at a time.
const batchItems = 50_000

// CatchUp shows the picture every change that is in the log and not yet in the
// picture: at start, and whenever another process wrote.
func (s *Service) CatchUp(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		changes, err := s.log.Since(ctx, s.picture.Seq(), batchItems)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		if err := s.fold(changes); err != nil {
			return err
		}
	}
}

// Refresh catches up where another process has written since the last look.
func (s *Service) Refresh(ctx context.Context) error {
	last, err := s.log.Last(ctx)
	if err != nil {
		return fmt.Errorf("look at the change log: %w", err)
	}
	s.telemetry.ObserveHead(last)
	if last <= s.picture.Seq() {
		return nil
	}
	return s.CatchUp(ctx)
}

// Follow keeps the picture up with a log that other processes write to, until
// ctx ends. Failures are handed to warn and tried again.
func (s *Service) Follow(ctx context.Context, every time.Duration, warn func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.Refresh(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			s.telemetry.ObserveFollowFailure()
			warn(err)
		}
	}
}

// checkReceipt refuses an idempotency key that was used for another request.
func checkReceipt(old, now *Receipt) *fault.Fault {
	if bytes.Equal(old.Request[:], now.Request[:]) {
		return nil
	}
	return fault.New("idempotency_key_reused",
		"这个 Idempotency-Key 已用于另一个内容不同的请求；请换一个新的。",
		"This Idempotency-Key was used for a request with other content; use a new one.")
}
