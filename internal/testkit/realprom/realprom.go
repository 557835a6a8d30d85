//go:build unix

// Package realprom starts a real Prometheus of its Debian package over given
// samples, for tests and benchmarks that hold Xushi against it.
package realprom

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"xushi/internal/testkit/child"
	"xushi/internal/testkit/require"

	"github.com/klauspost/compress/s2"
	"github.com/prometheus/prometheus/model/labels"
)

// Version is the release of Debian 12. Its engine is older than ours: range
// selectors and look-back take a sample in that stands exactly at their start,
// which since release 3.0 they leave out.
const Version = "2.42"

// Sample is a value at a moment, in milliseconds since 1970.
type Sample struct {
	Time  int64
	Value float64
}

// Add adds a series; its samples are in order of time, and staleness markers may
// be among them.
type Add func(series labels.Labels, samples []Sample)

// Start serves the series that series adds until the test ends, and gives the
// address in front of /api/v1. Without Prometheus it skips the test, or fails it where
// XUSHI_TEST_REQUIRE names prometheus. args are more flags, such as
// --query.lookback-delta=20y; nobody is asked for a token.
func Start(t testing.TB, series func(Add), args ...string) string {
	t.Helper()
	program := require.Tool(t, "prometheus", "prometheus")
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	// Not t.Context: the server is told to end, and waited for, in the clean-up.
	server := exec.CommandContext(context.Background(), program, append([]string{
		"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(dir, "data"), "--web.listen-address=" + address, "--log.level=warn",
		"--web.enable-remote-write-receiver",
		// All stays in memory, where it takes samples of any time.
		"--storage.tsdb.retention.time=100y", "--storage.tsdb.min-block-duration=100y",
	}, args...)...)
	server.Dir = dir
	child.Run(t, server, syscall.SIGTERM, func() error { return ready(t.Context(), "http://"+address+"/-/ready") })
	send(t, "http://"+address+"/api/v1/write", series)
	return "http://" + address
}

// ready asks whether the server at an address is.
func ready(ctx context.Context, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

// batch is how much is sent at once, in bytes.
const batch = 4 << 20

// send writes series by Prometheus's remote-write protocol, version 0.1.0, as it
// is the one way in that takes staleness markers.
func send(t testing.TB, url string, series func(Add)) {
	t.Helper()
	var pending []byte
	flush := func() {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(s2.EncodeSnappy(nil, pending)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-protobuf")
		r.Header.Set("Content-Encoding", "snappy")
		r.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode/100 != 2 {
			text, _ := io.ReadAll(resp.Body)
			t.Fatalf("prometheus does not take the samples: %d %s", resp.StatusCode, text)
		}
		pending = pending[:0]
	}
	series(func(l labels.Labels, samples []Sample) {
		t.Helper()
		pending = field(pending, 1, encode(l, samples))
		if len(pending) > batch {
			flush()
		}
	})
	flush()
}

// encode gives a TimeSeries of the protocol: labels 1, of name 1 and value 2, and
// samples 2, of value 1 and time 2.
func encode(l labels.Labels, samples []Sample) (b []byte) {
	l.Range(func(l labels.Label) {
		b = field(b, 1, field(field(nil, 1, []byte(l.Name)), 2, []byte(l.Value)))
	})
	for _, s := range samples {
		one := binary.LittleEndian.AppendUint64([]byte{1<<3 | 1}, math.Float64bits(s.Value))
		b = field(b, 2, binary.AppendUvarint(append(one, 2<<3), uint64(s.Time)))
	}
	return b
}

// field adds a field of bytes.
func field(b []byte, number byte, value []byte) []byte {
	return append(binary.AppendUvarint(append(b, number<<3|2), uint64(len(value))), value...)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Stale is the value of a sample that ends its series until the next one.
var Stale = math.Float64frombits(0x7ff0000000000002)
