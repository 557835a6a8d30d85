// Package access says who may do what: bearer tokens, their roles, and what each
// may see and post. Tokens are made and revoked through the change log, so that
// every server knows of it within a second and the log tells who did it.
package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"xushi/internal/fault"
	"xushi/internal/figure"
)

// Role is what a token may do; each may also do what the roles above it in this
// list may, except that only an administrator handles tokens and plans.
type Role string

// The roles.
const (
	Viewer        Role = "viewer"        // read what is open or internal
	Statistician  Role = "statistician"  // also post, for its organisation
	Supervisor    Role = "supervisor"    // also read what is restricted, post for all, set lights
	Administrator Role = "administrator" // also make tokens and apply plans
)

var rank = map[Role]int{Viewer: 1, Statistician: 2, Supervisor: 3, Administrator: 4}

// ParseRole reads a role. Fault bad_role.
func ParseRole(s string) (Role, error) {
	if _, ok := rank[Role(s)]; !ok {
		return "", fault.Newf("bad_role", "角色 %[1]q 不认识；可用 viewer、statistician、supervisor、administrator。",
			"Role %[1]q is unknown; use viewer, statistician, supervisor or administrator.", s).At("role")
	}
	return Role(s), nil
}

// Token is a bearer token without its secret, of which only the SHA-256 is kept:
// the secret is 256 random bits, so a slow hash would add nothing.
type Token struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"` // whose or what for
	Role         Role       `json:"role"`
	Organisation string     `json:"organisation,omitempty"` // area/id that a statistician posts for
	Hash         string     `json:"hash"`                   // SHA-256 of the secret, hex
	Created      time.Time  `json:"created"`
	Expires      *time.Time `json:"expires,omitempty"`
}

// Actor is how the change log names the token.
func (t *Token) Actor() string { return "token:" + t.ID + ":" + t.Name }

// Covers tells whether the token's role includes another.
func (t *Token) Covers(r Role) bool { return t != nil && rank[t.Role] >= rank[r] }

// MayPost refuses to post for organisations that are not the token's: fault
// forbidden. orgs are those that may post to the place.
func (t *Token) MayPost(orgs []string) *fault.Fault {
	if t.Covers(Supervisor) || t.Covers(Statistician) && slices.Contains(orgs, t.Organisation) {
		return nil
	}
	whose := slices.Compact(slices.Sorted(slices.Values(orgs)))
	return fault.Newf("forbidden", "这个令牌（%[1]s，%[2]s）不能填报这里；有权的单位：%[3]s。",
		"This token (%[1]s of %[2]s) may not post here; these organisations may: %[4]s.",
		t.Role, cmp.Or(t.Organisation, "–"), strings.Join(whose, "、"), strings.Join(whose, ", "))
}

// event is the detail of a change of kind access.
type event struct {
	Token  *Token `json:"token,omitempty"`
	Revoke string `json:"revoke,omitempty"` // id
}

// Directory knows the tokens that are valid. It is folded from the change log;
// reads never wait.
type Directory struct {
	tokens atomic.Pointer[map[string]*Token] // by hash
	clock  func() time.Time
}

// NewDirectory makes an empty directory; have its Fold observe the log.
func NewDirectory(clock func() time.Time) *Directory {
	d := &Directory{clock: clock}
	d.tokens.Store(&map[string]*Token{})
	return d
}

// Fold takes in changes in the log's order.
func (d *Directory) Fold(changes []*figure.Change) {
	for _, c := range changes {
		var e event
		if c.Kind != figure.Access || json.Unmarshal(c.Detail, &e) != nil {
			continue
		}
		next := maps.Clone(*d.tokens.Load())
		if e.Token != nil {
			next[e.Token.Hash] = e.Token
		}
		maps.DeleteFunc(next, func(_ string, t *Token) bool { return t.ID == e.Revoke })
		d.tokens.Store(&next)
	}
}

// Find gives the valid token of a secret, nil where there is none.
func (d *Directory) Find(secret string) *Token {
	sum := sha256.Sum256([]byte(secret))
	t := (*d.tokens.Load())[hex.EncodeToString(sum[:])]
	if t == nil || t.Expires != nil && !d.clock().Before(*t.Expires) {
		return nil
	}
	return t
}

// List gives all tokens that were not revoked, oldest first.
func (d *Directory) List() []*Token {
	return slices.SortedFunc(maps.Values(*d.tokens.Load()), func(a, b *Token) int {
		if c := a.Created.Compare(b.Created); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// Recorder records a change of access in the log; figure.Service is one.
type Recorder interface {
	RecordAccess(ctx context.Context, actor string, detail json.RawMessage) (*figure.Change, error)
}

// prefix lets scanners for leaked secrets recognise a token of Xushi.
const prefix = "xushi_"

// Organisations knows which organisations there are; board.Board does.
type Organisations interface {
	HasOrganisation(areaID string) bool
}

// Create makes a token and returns it with its secret, which is shown this once
// and kept nowhere. Faults bad_role, token_name, text_too_long, token_organisation
// (a statistician needs one), unknown_organisation, token_expired.
func (d *Directory) Create(ctx context.Context, r Recorder, actor string, t Token, orgs Organisations) (*Token, string, error) {
	if _, err := ParseRole(string(t.Role)); err != nil {
		return nil, "", err
	}
	if f := figure.CheckText("name", t.Name, 100); f != nil {
		return nil, "", f
	}
	if t.Name = strings.TrimSpace(t.Name); t.Name == "" || strings.ContainsFunc(t.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return nil, "", fault.New("token_name", "请给令牌起个名字（谁用、做什么），写在一行里，不含控制字符。",
			"Give the token a name, whose it is or what it is for: one line without control characters.").At("name")
	}
	if t.Role == Statistician && !strings.Contains(t.Organisation, "/") {
		return nil, "", fault.New("token_organisation", "统计员的令牌要写明单位，形如 gulou/fagai。",
			"A statistician's token needs its organisation, such as gulou/fagai.").At("organisation")
	}
	if t.Organisation != "" && !orgs.HasOrganisation(t.Organisation) {
		return nil, "", fault.Newf("unknown_organisation", "没有单位 %[1]q；写法为 区划/单位，如 gulou/fagai，见 /api/v1/plans。",
			"There is no organisation %[1]q; write area/id such as gulou/fagai, /api/v1/plans has them.", t.Organisation).At("organisation")
	}
	t.Created = d.clock().UTC().Truncate(time.Second)
	if t.Expires != nil && !t.Expires.After(t.Created) {
		return nil, "", fault.New("token_expired", "有效期必须在将来。", "The token must expire in the future.").At("expires")
	}
	secret := prefix + random(32)
	sum := sha256.Sum256([]byte(secret))
	t.ID, t.Hash = "t"+strings.ToLower(hex.EncodeToString(sum[:4])), hex.EncodeToString(sum[:])
	detail, err := json.Marshal(event{Token: &t})
	if err != nil {
		return nil, "", fmt.Errorf("write the token's facts: %w", err)
	}
	if _, err := r.RecordAccess(ctx, actor, detail); err != nil {
		return nil, "", err
	}
	return &t, secret, nil
}

// Revoke ends a token for good. Fault unknown_token.
func (d *Directory) Revoke(ctx context.Context, r Recorder, actor, id string) error {
	if !slices.ContainsFunc(d.List(), func(t *Token) bool { return t.ID == id }) {
		return fault.Newf("unknown_token", "没有令牌 %[1]q。", "There is no token %[1]q.", id).At("id")
	}
	detail, err := json.Marshal(event{Revoke: id})
	if err != nil {
		return fmt.Errorf("write the revocation: %w", err)
	}
	_, err = r.RecordAccess(ctx, actor, detail)
	return err
}

// random gives n random bytes as text for a secret; crypto/rand never fails.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
