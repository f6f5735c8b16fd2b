#!/usr/bin/env bash
# Prints what starting rwx costs, and adding a component again, as ratios to a program that has the same command line and
# does nothing: instructions under callgrind, and the median time of 30 runs in turn.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=30
target=${CARGO_TARGET_DIR:-$PWD/target}
export CARGO_TARGET_DIR=$target
rwx=$target/release/rwx
limit=$target/release/clap-only
scratch=$target/bench
project=$scratch/again

# Runs "$@" in the project without output.
quietly() {
    (cd "$project" && "$@" >/dev/null)
}

# The instructions of one run of "$@".
instructions() {
    local log=$scratch/callgrind.log
    quietly valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$log" "$@"
    sed -n 's/.*Collected : //p' "$log"
}

# The nanoseconds of one run of "$@".
nanoseconds() {
    local start
    start=$(date +%s%N)
    quietly "$@"
    echo $(($(date +%s%N) - start))
}

median() {
    sort -n | sed -n "$((runs / 2 + 1))p"
}

ratio() {
    awk "BEGIN { printf \"%.2f\", $1 / $2 }"
}

# One row: a name, then the arguments.
compare() {
    local name=$1
    shift
    : >"$scratch/ours"
    : >"$scratch/limit"
    for _ in $(seq "$runs"); do
        nanoseconds "$rwx" "$@" >>"$scratch/ours"
        nanoseconds "$limit" "$@" >>"$scratch/limit"
    done
    local ours bare
    ours=$(instructions "$rwx" "$@")
    bare=$(instructions "$limit" "$@")
    printf '| %s | %s | %s | %s | %s | %s |\n' "$name" "$bare" "$ours" "$(ratio "$ours" "$bare")" \
        "$(($(median <"$scratch/ours") / 1000))" "$(ratio "$(median <"$scratch/ours")" "$(median <"$scratch/limit")")"
}

cargo build --locked --release --quiet
cargo build --locked --release --quiet --manifest-path benches/start/Cargo.toml
rm -rf "$project"
mkdir -p "$scratch"
"$rwx" new "$project" --with websocket --quiet

echo '| | instructions, clap only | instructions, rwx | ratio | time, rwx (µs) | ratio |'
echo '|---|---|---|---|---|---|'
compare 'rwx --version' --version
compare 'rwx infra add websocket, again' infra add websocket
