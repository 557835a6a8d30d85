#!/bin/sh
# Makes the secrets of docker-compose.yml that are not there yet, in secrets/
# beside it. Containers of several users read the files, so these are open and
# the folder around them is closed.
set -eu
cd "$(dirname "$0")/.."
umask 022
mkdir -p secrets
chmod 700 secrets
for name in postgres-password grafana-admin-password grafana-secret-key; do
  if [ ! -s "secrets/$name" ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
    echo "secrets/$name made" >&2
  fi
done
if [ ! -s secrets/viewer-token ]; then
  : >secrets/viewer-token
  echo "secrets/viewer-token is empty: deploy/token.sh fills it once Xushi runs" >&2
fi
# Whatever umask they were made and checked out with.
chmod 644 secrets/*
chmod -R a+rX grafana dashboards deploy
