#!/usr/bin/env bash
# Runs the README's "From corrections to a better model", command by command: a broker and a
# processor, reviews and their scores, corrections, retraining, and a swap that nobody asks for.
# It needs the ports 9092 and 8650, works in a folder of its own, and removes it.
#
#   training/examples/close-the-loop.sh [NAME=VALUE...]
#
#   NAME=VALUE   hyper-parameters, to be quicker: frozen=0 cycle_len=1
set -euo pipefail

root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
quicker=()
for number in "$@"; do
  quicker+=(--set "$number")
done
work=$(mktemp -d)
ln -s "$root/valence" "$root/training" "$root/src" "$work"
cd "$work"
started=()

finish() {
  status=$?
  # Like the terminals that they would run in: the processor first.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  if ((status != 0)); then
    cat "$work"/*.log >&2
  fi
  rm -rf "$work"
}
trap finish EXIT

say() { printf '\n%s\n' "$*" >&2; }

run() {
  say "$*"
  "$@"
}

in_its_terminal() { # log, what it says when it is ready, command
  say "${*:3} &"
  "${@:3}" >"$1" 2>&1 &
  started+=($!)
  for ((i = 0; i < 240; i++)); do
    if grep -q "$2" "$1"; then
      return
    fi
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.5
  done
  say "it did not get ready"
  return 1
}

run ./valence model publish src/model/bundled/imdb/9 --repository models
in_its_terminal broker.log "^broker ready" ./valence broker
in_its_terminal stream.log "^scoring" \
  ./valence stream --set valence.model.repository=models --set kafka.state.dir="$work/state"

run ./valence produce --subject-column teacher training/examples/teachers.csv
run ./valence tail --from-beginning --max 48

run ./valence correct --id r4 --label mixed
run ./valence correct training/examples/teachers.csv

run ./valence train classifier --from-topics --preset small --validation 0.3 --out corrected \
  ${quicker[@]+"${quicker[@]}"}
run ./valence train export --classifier corrected --out corrected-model --name teachers
run ./valence train evaluate --from-topics --model corrected-model --validation 0.3 --held-out

run ./valence model publish corrected-model --repository models
run ./valence produce --subject-column teacher training/examples/teachers.csv
run ./valence tail --from-beginning --max 96 --output json >scores.jsonl

by_the_new_version() { tail -n 1 scores.jsonl | grep -q '"modelName":"teachers","modelVersion":2,'; }

# A slow machine may need longer to load and check it.
for ((scores = 144; scores <= 480; scores += 48)); do
  by_the_new_version && break
  run ./valence produce --subject-column teacher training/examples/teachers.csv
  run ./valence tail --from-beginning --max "$scores" --output json >scores.jsonl
done
by_the_new_version || {
  say "version 2 did not score"
  exit 1
}
say "version 2 scores: $(tail -n 1 scores.jsonl)"
