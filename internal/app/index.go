package app

import (
	"fmt"
	"net/http"
)

// index tells whoever opens the server in a browser what there is.
func index(demo bool, version string) http.HandlerFunc {
	mark := ""
	if demo {
		mark = " · 演示数据 simulated figures"
	}
	text := fmt.Sprintf(`序时 Xushi %s%s

  /api/v1/board       全局：各状态、各灯个数，落后的，逾期未报的   how the plans stand
  /api/v1/indicators  每个指标及其评判依据                       every target and what its judgement rests on
  /api/v1/figures     填报（POST）与修订历史（GET）              figures in, and their revisions
  /prometheus         PromQL 查询（Grafana 数据源指向这里）       PromQL: what a Grafana data source points to
  /openapi.json       接口说明                                   the API's description
  /metrics            Prometheus 采集                            gauges for Prometheus
  /metrics/self       服务自身                                   the service's own telemetry
  /healthz /readyz    存活、就绪                                 alive, ready

/api/v1 和 /prometheus 需要令牌 take a token: Authorization: Bearer …    (xushi token create)
`, version, mark)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(text)) // the client may be gone
	}
}
