# Xushi alone: a static binary, no shell, no user with rights.
ARG REGISTRY=docker.io
ARG GOLANG_TAG=1.26.4-alpine

FROM ${REGISTRY}/library/golang:${GOLANG_TAG} AS build
ARG GOPROXY=https://proxy.golang.org,direct
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X xushi/internal/app.version=${VERSION}" -o /out/root/usr/local/bin/xushi ./cmd/xushi
# What a program expects of a system: its user's name, certificates, folders to write to.
RUN mkdir -p -m 1777 /out/root/tmp && mkdir -p -m 750 /out/data && mkdir -p /out/root/etc/ssl/certs \
    && echo 'xushi:x:65532:65532:Xushi:/data:/' >/out/root/etc/passwd \
    && echo 'xushi:x:65532:' >/out/root/etc/group \
    && cp /etc/ssl/certs/ca-certificates.crt /out/root/etc/ssl/certs/

FROM scratch
COPY --from=build /out/root /
COPY --from=build --chown=65532:65532 /out/data /data
ENV XUSHI_LISTEN=:8080 XUSHI_DATA=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m --retries=3 CMD ["xushi", "health"]
ENTRYPOINT ["xushi"]
CMD ["serve"]
