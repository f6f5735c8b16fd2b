#!/usr/bin/env bash
# Installs what the tests need and is missing, then runs every test; with --quick, in about two minutes, those of rwx itself that
# need nothing but cargo; with other arguments, `cargo test` with these.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ ${1:-} == --quick ]]; then
    exec cargo test --locked --lib --bins --test cli --test cases --test steps --test templates
fi
missing=()
command -v npm >/dev/null || missing+=(nodejs npm)
command -v chromium >/dev/null || missing+=(chromium)
command -v nginx >/dev/null || missing+=(nginx-light)
command -v caddy >/dev/null || missing+=(caddy)
command -v strace >/dev/null || missing+=(strace)
command -v zsh >/dev/null || missing+=(zsh)
command -v fish >/dev/null || missing+=(fish)
command -v shellcheck >/dev/null || missing+=(shellcheck)
command -v openssl >/dev/null || missing+=(openssl)
command -v redis-server >/dev/null || missing+=(redis-server)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if ((${#missing[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    # The tests start their own; those that packages start are not needed.
    for name in redis-server nginx caddy; do
        [[ " ${missing[*]} " != *" $name"* ]] || service "$name" stop >/dev/null 2>&1 || true
    done
fi
# Autobahn's cases, for tests/protocol.rs.
kosoku=${CARGO_TARGET_DIR:-target}/tmp/kosoku
if [[ ! -x $kosoku/bin/kosoku ]]; then
    python3 -m venv "$kosoku"
    "$kosoku/bin/pip" install --quiet --disable-pip-version-check kosoku==0.1.0
fi
npm ci --prefix tests/client --no-audit --no-fund --silent

(($# == 0)) || exec cargo test --locked "$@"

# What talks over sockets or waits for the disk mostly waits, and wants the processor at once when it does not: it runs beside the
# rest, which is nice, with as much of that as makes the two take about as long.
waiting=() rest=(--lib --bins)
for file in tests/*.rs; do
    name=$(basename "$file" .rs)
    case $name in
        browser | cli | conversation | crash | engine | instances | laws | protocol | proxies | recipes | verify) waiting+=(--test "$name") ;;
        *) rest+=(--test "$name") ;;
    esac
done
cargo test --locked --no-run
log=$(mktemp)
trap 'rm -f "$log"' EXIT
GENERATED=served cargo test --locked --no-fail-fast "${waiting[@]}" >"$log" 2>&1 &
failed=0
nice cargo test --locked --no-fail-fast "${rest[@]}" || failed=1
cargo test --locked --doc || failed=1
wait "$!" || failed=1
cat "$log"
exit "$failed"
