#!/usr/bin/env bash
# Prints what the generated layer costs a server, as ratios to what the sockets themselves cost, beside a naive port of
# the original and socketioxide: benches/run.sh [ROUNDS [ROW]]. Exit code 1: a figure is missed (or nothing measured).
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR=$target
app=$target/bench/generated

cargo build --locked --release --quiet
cargo build --locked --release --quiet --manifest-path benches/load/Cargo.toml

rm -rf "$app"
mkdir -p "$(dirname "$app")"
"$target/release/rwx" new "$app" --with websocket --quiet
cp tests/locks/axum-0.8.lock "$app/Cargo.lock"
cargo build --release --quiet --manifest-path "$app/Cargo.toml"

# Ten thousand sockets at once, on either side.
ulimit -n "$(ulimit -Hn)"
cd "$app"
exec "$target/release/load" "$target/release/generated" "$@"
