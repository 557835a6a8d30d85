package httpapi

import (
	"context"
	"encoding/hex"
	"time"

	"xushi/internal/access"
)

// TokenView is a token without its secret.
type TokenView struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	Role         access.Role `json:"role" enum:"viewer,statistician,supervisor,administrator"`
	Organisation string      `json:"organisation,omitempty"`
	Created      time.Time   `json:"created"`
	Expires      *time.Time  `json:"expires,omitempty"`
}

func tokenView(t *access.Token) TokenView {
	return TokenView{t.ID, t.Name, t.Role, t.Organisation, t.Created, t.Expires}
}

type tokensOutput struct {
	Body struct {
		Tokens []TokenView `json:"tokens" nullable:"false"`
	} `nameHint:"TokensAnswer"`
}

func (a *api) listTokens(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
	if err := need(ctx, access.Administrator); err != nil {
		return nil, err
	}
	out := &tokensOutput{}
	out.Body.Tokens = []TokenView{}
	for _, t := range a.Directory.List() {
		out.Body.Tokens = append(out.Body.Tokens, tokenView(t))
	}
	return out, nil
}

type createTokenInput struct{ JSONBody }

type createTokenOutput struct {
	Body struct {
		Token  TokenView `json:"token"`
		Secret string    `json:"secret" doc:"Shown this once and kept nowhere"`
	} `nameHint:"NewTokenAnswer"`
}

func (a *api) createToken(ctx context.Context, in *createTokenInput) (*createTokenOutput, error) {
	if err := need(ctx, access.Administrator); err != nil {
		return nil, err
	}
	if p := checkEncoding(in.bytes); p != nil {
		return nil, p
	}
	asked, p := oneOf(in.bytes, tokenShape)
	if p != nil {
		return nil, p
	}
	token, secret, err := a.Directory.Create(ctx, a.Poster, tokenOf(ctx).Actor(), asked, a.Board)
	if err != nil {
		return nil, err
	}
	out := &createTokenOutput{}
	out.Body.Token, out.Body.Secret = tokenView(token), secret
	return out, nil
}

type revokeTokenInput struct {
	ID string `path:"id"`
}

func (a *api) revokeToken(ctx context.Context, in *revokeTokenInput) (*struct{}, error) {
	if err := need(ctx, access.Administrator); err != nil {
		return nil, err
	}
	return nil, a.Directory.Revoke(ctx, a.Poster, tokenOf(ctx).Actor(), in.ID)
}

type logHeadOutput struct {
	Body struct {
		Seq  int64  `json:"seq" doc:"Of the newest change; 0 for an empty log"`
		Hash string `json:"hash" doc:"SHA-256 that chains it to all before, hex; written down elsewhere it proves that nothing was altered"`
	} `nameHint:"LogHeadAnswer"`
}

func (a *api) logHead(ctx context.Context, _ *struct{}) (*logHeadOutput, error) {
	seq, hash, err := a.Archive.Head(ctx)
	if err != nil {
		return nil, err
	}
	out := &logHeadOutput{}
	out.Body.Seq, out.Body.Hash = seq, hex.EncodeToString(hash[:])
	return out, nil
}
