package httpapi

import (
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
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

// Resolve reads the body. Faults content_type, content_encoding, body_missing, body_too_large,
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
	if f := checkForm(w, r); f != nil {
		return nil, f
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

// checkForm refuses a body that is not plain JSON in UTF-8.
func checkForm(w http.ResponseWriter, r *http.Request) *fault.Fault {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return fault.New("content_type", "请求体要是 JSON：Content-Type: application/json。",
			"The body must be JSON: Content-Type: application/json.")
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		charset = fault.Clip(charset, 60)
		return fault.Newf("content_type", "请求体的编码要是 UTF-8，不能是“%[1]s”：Content-Type: application/json。",
			"The body must be in UTF-8, not in %[1]q: Content-Type: application/json.", charset)
	}
	if coding := strings.Join(r.Header.Values("Content-Encoding"), ", "); coding != "" && !strings.EqualFold(coding, "identity") {
		w.Header().Set("Accept-Encoding", "identity") // what would be taken (RFC 9110, section 15.5.16)
		return fault.Newf("content_encoding", "请求体不能压缩（Content-Encoding: %[1]s）；请原样发送。",
			"The body cannot be compressed (Content-Encoding: %[1]s); send it plain.", fault.Clip(coding, 60))
	}
	return nil
}
