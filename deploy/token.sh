#!/bin/sh
# Has Xushi make the viewer's token that Grafana asks with: sh deploy/token.sh
# xushi, or xushi-full for the full stack. Where it fails the old one stays.
set -eu
cd "$(dirname "$0")/.."
token=$(docker compose exec -T "${1:?xushi or xushi-full}" xushi token create --name Grafana)
printf '%s\n' "$token" >secrets/viewer-token
