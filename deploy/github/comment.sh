#!/usr/bin/env bash
# Writes one comment on the pull request: what it changes for LiteLLM; a later run edits it.
set -euo pipefail

read -r -a paths <<< "$REDPROOF_PATHS"
git fetch --quiet --depth 1 origin "$BASE"
marker='<!-- redproof -->'
changes=$(redproof compare --base "$BASE" --format markdown "${paths[@]}") && ending=0 || ending=$?
if [ "$ending" -gt 1 ]; then exit "$ending"; fi
if [ -n "$changes" ]; then
    comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
    old=$(gh api "$comments" --paginate --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
    if [ -n "$old" ]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old" --field body="$marker"$'\n'"$changes"
    else
        gh api --silent --method POST "$comments" --field body="$marker"$'\n'"$changes"
    fi
fi
exit "$ending"
