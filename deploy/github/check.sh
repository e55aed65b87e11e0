#!/usr/bin/env bash
# What the action runs: installs Redproof, checks, and writes SARIF beside the annotations.
set -euo pipefail

if ! command -v redproof > /dev/null; then
    python3 -m pip install --quiet --disable-pip-version-check "redproof${REDPROOF_VERSION:+==$REDPROOF_VERSION}"
fi
read -r -a paths <<< "$REDPROOF_PATHS"
read -r -a arguments <<< "${REDPROOF_ARGUMENTS:-}"
if [ -n "${REDPROOF_SARIF:-}" ]; then
    redproof check --format sarif --exit-zero --output "$REDPROOF_SARIF" "${arguments[@]}" "${paths[@]}"
    echo "sarif=$REDPROOF_SARIF" >> "${GITHUB_OUTPUT:-/dev/null}"
fi
redproof check --format github "${arguments[@]}" "${paths[@]}"
