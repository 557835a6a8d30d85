package httpapi

import (
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humamux"

	"xushi/internal/fault"
)

const (
	maxBody  = 8 << 20          // bytes in a request's body
	bodyTime = 30 * time.Second // to send them
)

// JSONBody is embedded in the input of operations that take a body. It only
// reads the bytes: huma would go through floats and say less about what is wrong.
type JSONBody struct {
	bytes []byte
}

// Resolve reads the body. Faults content_type, body_missing, body_too_large,
// body_timeout, body_broken.
func (b *JSONBody) Resolve(ctx huma.Context) []error {
	r, w := humamux.Unwrap(ctx)
	var f *fault.Fault
	if b.bytes, f = readBody(w, r); f != nil {
		return []error{problemOf(f)}
	}
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *fault.Fault) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, fault.New("content_type", "请求体要是 JSON：Content-Type: application/json。",
			"The body must be JSON: Content-Type: application/json.")
	}
	// A server without deadlines, as in tests, has nothing to set.
	_ = huma.SetReadDeadline(w, time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return nil, fault.Newf("body_too_large", "请求体太大：最多 %[1]d 字节；请分批提交。",
			"The body is too large: at most %[1]d bytes; post it in several batches.", maxBody)
	case errors.As(err, &network) && network.Timeout():
		return nil, fault.New("body_timeout", "请求体没有及时收完，请重试。", "The body did not arrive in time; try again.")
	case err != nil:
		return nil, fault.New("body_broken", "请求体没有收完整，请重试。", "The body did not arrive whole; try again.")
	case len(body) == 0:
		return nil, fault.New("body_missing", "没有请求体。", "There is no body.")
	}
	return body, nil
}
