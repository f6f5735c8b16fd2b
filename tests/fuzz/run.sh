#!/usr/bin/env bash
# Fuzzes each target for the seconds given (600 if none are), one after the other. Needs a nightly toolchain.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-600}

command -v cargo-fuzz >/dev/null || cargo install --locked --quiet cargo-fuzz
cargo run --quiet --bin write_seeds -- corpus
# With cfg(fuzzing), every span of proc-macro2 is empty, and no editor of Rust would find a place to edit.
for target in $(cargo +nightly fuzz list --fuzz-dir .); do
    [[ $target == write_seeds ]] || cargo +nightly fuzz run --no-cfg-fuzzing --fuzz-dir . "$target" -- -max_total_time="$seconds"
done
