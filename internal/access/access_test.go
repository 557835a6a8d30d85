package access_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"xushi/internal/access"
	"xushi/internal/fault"
	"xushi/internal/figure"
	"xushi/internal/plan"
)

// log records changes of access and folds them into a directory, as a server does.
type log struct {
	directory *access.Directory
	details   []string
}

func (l *log) RecordAccess(_ context.Context, actor string, detail json.RawMessage) (*figure.Change, error) {
	c := &figure.Change{Seq: int64(len(l.details) + 1), Kind: figure.Access, Actor: actor, Detail: detail}
	l.details = append(l.details, string(detail))
	l.directory.Fold([]*figure.Change{c})
	return c, nil
}

type orgs map[string]bool

func (o orgs) HasOrganisation(id string) bool { return o[id] }

// TestTokens makes tokens, finds them by their secret until they expire or are
// revoked, and keeps no secret in the log.
func TestTokens(t *testing.T) {
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	l := &log{directory: access.NewDirectory(func() time.Time { return now })}
	known := orgs{"gulou/fagai": true}
	create := func(token access.Token) (*access.Token, string, string) {
		t.Helper()
		made, secret, err := l.directory.Create(t.Context(), l, "test", token, known)
		if err != nil {
			return nil, "", fault.As(err).Code
		}
		return made, secret, ""
	}
	soon, past := now.Add(time.Hour), now.Add(-time.Hour)
	for _, c := range []struct {
		token access.Token
		code  string
	}{
		{access.Token{Name: "a", Role: "boss"}, "bad_role"},
		{access.Token{Name: " ", Role: access.Viewer}, "token_name"},
		{access.Token{Name: "a\nb", Role: access.Viewer}, "token_name"},
		{access.Token{Name: strings.Repeat("长", 101), Role: access.Viewer}, "text_too_long"},
		{access.Token{Name: "a", Role: access.Statistician}, "token_organisation"},
		{access.Token{Name: "a", Role: access.Statistician, Organisation: "gulou/nope"}, "unknown_organisation"},
		{access.Token{Name: "a", Role: access.Viewer, Expires: &past}, "token_expired"},
		{access.Token{Name: "a", Role: access.Statistician, Organisation: "gulou/fagai"}, ""},
	} {
		if _, _, code := create(c.token); code != c.code {
			t.Errorf("%+v: %q, want %q", c.token, code, c.code)
		}
	}
	made, secret, _ := create(access.Token{Name: "hour", Role: access.Viewer, Expires: &soon})
	if got := l.directory.Find(secret); got == nil || got.ID != made.ID {
		t.Fatalf("found %+v", got)
	}
	if l.directory.Find(secret+"x") != nil || l.directory.Find("") != nil {
		t.Error("a wrong secret is taken")
	}
	now = soon
	if l.directory.Find(secret) != nil {
		t.Error("an expired token is taken")
	}
	kept, other, _ := create(access.Token{Name: "other", Role: access.Viewer})
	if err := l.directory.Revoke(t.Context(), l, "test", kept.ID); err != nil || l.directory.Find(other) != nil {
		t.Errorf("revoked: %v", err)
	}
	if f := fault.As(l.directory.Revoke(t.Context(), l, "test", kept.ID)); f == nil || f.Code != "unknown_token" {
		t.Errorf("revoked twice: %v", f)
	}
	for _, detail := range l.details {
		if strings.Contains(detail, secret) || strings.Contains(detail, other) {
			t.Error("the log holds a secret")
		}
	}
}

// TestWhoSeesWhat is the matrix of visibility classes and tokens.
func TestWhoSeesWhat(t *testing.T) {
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	own := []string{"gulou/fagai"}
	tokens := map[string]*access.Token{
		"nobody": nil, "viewer": {Role: access.Viewer}, "supervisor": {Role: access.Supervisor}, "administrator": {Role: access.Administrator},
		"own": {Role: access.Statistician, Organisation: "gulou/fagai"}, "foreign": {Role: access.Statistician, Organisation: "gulou/caizheng"},
	}
	for _, c := range []struct {
		name string
		v    *plan.Visibility
		sees string // who sees it
	}{
		{"none", nil, "nobody viewer foreign own supervisor administrator"},
		{"open", &plan.Visibility{Class: "open"}, "nobody viewer foreign own supervisor administrator"},
		{"internal", &plan.Visibility{Class: "internal"}, "viewer foreign own supervisor administrator"},
		{"restricted", &plan.Visibility{Class: "restricted"}, "own supervisor administrator"},
		{"open later", &plan.Visibility{Class: "open", NotBefore: &later}, "own supervisor administrator"},
		{"open by now", &plan.Visibility{Class: "open", NotBefore: &now}, "nobody viewer foreign own supervisor administrator"},
	} {
		for name, token := range tokens {
			if got, want := token.CanSee(c.v, own, now), strings.Contains(" "+c.sees+" ", " "+name+" "); got != want {
				t.Errorf("%s sees %s: %v, want %v", name, c.name, got, want)
			}
		}
	}
	for name, may := range map[string]bool{"viewer": false, "foreign": false, "own": true, "supervisor": true, "administrator": true} {
		if f := tokens[name].MayPost(own); (f == nil) != may {
			t.Errorf("%s may post: %v", name, f)
		}
	}
}
