#!/usr/bin/env bash
# Writes one comment on the pull request: what it changes for LiteLLM; a later run edits it. Where nothing changes, none is begun.
set -euo pipefail

read -r -a paths <<< "$REDPROOF_PATHS"
git fetch --quiet --depth 1 origin "$BASE"
marker='<!-- redproof -->'
changes=$(redproof compare --base "$BASE" --format markdown "${paths[@]}") && ending=0 || ending=$?
if [ "$ending" -gt 1 ]; then exit "$ending"; fi
write() {
    local comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" old
    old=$(gh api "$comments" --paginate --jq ".[] | select(.body | startswith(\"$marker\")) | .id") || return
    old=${old%%$'\n'*}
    if [ -n "$old" ]; then
        gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old" --field body="$marker"$'\n'"$changes"
    elif [[ $changes != "### Nothing changes"* ]]; then
        gh api --silent --method POST "$comments" --field body="$marker"$'\n'"$changes"
    fi
}
# The token of a fork's pull request writes nothing: the log has it then.
write || { echo "::warning::The comment could not be written."; echo "$changes"; }
exit "$ending"
