#!/usr/bin/env bash
# Installs what the tests need and is missing, then runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends nodejs npm
fi
npm ci --prefix tests/client --no-audit --no-fund --silent

cargo test --locked "$@"
