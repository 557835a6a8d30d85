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
  echo "secrets/viewer-token is missing: Xushi makes it, see docs/operations.md" >&2
fi
