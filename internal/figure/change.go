package figure

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"
	"time"

	"xushi/internal/plan"
)

// Kind tells what a change brought.
type Kind string

// The kinds of change.
const (
	Figures  Kind = "figures"  // figures posted or revised
	Entries  Kind = "entries"  // checklist entries done or reopened
	Accounts Kind = "accounts" // written accounts and lights of standing tasks
	Plans    Kind = "plan"     // a plan applied
	Access   Kind = "access"   // tokens made or revoked
)

// Change is one entry of the append-only change log: who did what, when, and
// everything it brought. Sequence and RecordedAt are given by the log under one
// lock for each commit group, so that their order is the order of knowledge.
// A Change that was recorded is never altered.
type Change struct {
	Seq        int64     // from 1, without gaps
	RecordedAt time.Time // UTC, whole microseconds, never falling
	Kind       Kind
	Actor      string          // who, such as token:operator or cli:root
	Detail     json.RawMessage // small facts about the change as a JSON object; may be nil
	Figures    []Revision
	Entries    []EntryEvent
	Accounts   []Account
	Plan       *PlanVersion
	Receipt    *Receipt // answer kept for an idempotency key; not part of the chain
	Hash       [sha256.Size]byte
}

// Seal gives the hash that chains a change to the one before it: SHA-256 over
// prev and every recorded fact, each written with its length so that no two
// changes share an encoding. The first change has a prev of zeros.
func (c *Change) Seal(prev [sha256.Size]byte) [sha256.Size]byte {
	e := encoder{h: sha256.New()}
	e.bytes(prev[:])
	e.int(c.Seq)
	e.time(c.RecordedAt)
	e.text(string(c.Kind))
	e.text(c.Actor)
	e.bytes(c.Detail)
	e.int(int64(len(c.Figures)))
	for i := range c.Figures {
		r := &c.Figures[i]
		e.text(r.Series)
		e.text(r.Part)
		e.int(int64(r.Period.End))
		e.int(int64(r.Period.Span))
		e.text(r.valueText())
		e.text(string(r.Status))
		e.time(r.KnownAt)
		e.text(r.Note)
		e.text(r.Reason)
		e.text(r.Origin.File)
		e.text(r.Origin.Hash)
		e.text(r.Origin.Sheet)
		e.text(r.Origin.Cell)
	}
	e.int(int64(len(c.Entries)))
	for i := range c.Entries {
		v := &c.Entries[i]
		e.text(v.Plan)
		e.text(v.Indicator)
		e.text(v.Entry)
		if v.Done == nil {
			e.text("")
		} else {
			e.text(v.Done.String())
		}
		e.text(v.Evidence)
		e.text(v.Note)
		e.time(v.KnownAt)
	}
	e.int(int64(len(c.Accounts)))
	for i := range c.Accounts {
		a := &c.Accounts[i]
		e.text(a.Plan)
		e.text(a.Indicator)
		e.int(int64(a.Period.End))
		e.int(int64(a.Period.Span))
		e.text(a.Text)
		e.text(a.Light)
		e.time(a.KnownAt)
	}
	if c.Plan != nil {
		e.text(c.Plan.ID)
		e.time(c.Plan.KnownAt)
		e.bytes(c.Plan.Document)
	}
	e.flush()
	var sum [sha256.Size]byte
	e.h.Sum(sum[:0])
	return sum
}

// encoder writes length-prefixed facts into a hash, through a buffer because
// many tiny writes cost more than the hashing.
type encoder struct {
	h   hash.Hash
	buf []byte
}

func (e *encoder) text(s string) {
	e.buf = binary.AppendUvarint(e.buf, uint64(len(s)))
	e.buf = append(e.buf, s...)
	if len(e.buf) > 4096 {
		e.flush()
	}
}

func (e *encoder) bytes(b []byte) {
	e.buf = binary.AppendUvarint(e.buf, uint64(len(b)))
	e.flush()
	e.h.Write(b) // a hash never returns an error
}

func (e *encoder) int(n int64)      { e.buf = binary.AppendVarint(e.buf, n) }
func (e *encoder) time(t time.Time) { e.int(t.UnixMicro()) }

func (e *encoder) flush() {
	e.h.Write(e.buf)
	e.buf = e.buf[:0]
}

// PlanVersion is a plan as it stood after being applied.
type PlanVersion struct {
	ID       string
	KnownAt  time.Time // the document's date for the first version, else when it was recorded
	Document []byte    // canonical JSON of Plan
	Plan     *plan.Plan
}

// Receipt is the answer to a request that carried an idempotency key, kept so
// that the same request gets the same answer. One that recorded nothing is not
// kept: it is looked at again.
type Receipt struct {
	Key     string
	Request [sha256.Size]byte // of the request's body and parameters
	Answer  []byte
}
