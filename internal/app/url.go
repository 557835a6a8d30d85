package app

import (
	"net"
	"net/url"
	"strings"

	"xushi/internal/fault"
)

// ReadURL reads the address under which people reach a server, without a slash at
// its end. Fault bad_url.
func ReadURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fault.Newf("bad_url", "“%[1]s”不是网址；请写 http://主机:8080 或 https://主机/路径。",
			"%[1]q is not an address; write http://HOST:8080 or https://HOST/PATH.", fault.Clip(text, 200)).At("url")
	}
	return strings.TrimSuffix(text, "/"), nil
}

// address is where people reach the server: as they were told, else where it
// listens.
func (c *Config) address() (string, error) {
	if c.URL != "" {
		return ReadURL(c.URL)
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port), nil
}
