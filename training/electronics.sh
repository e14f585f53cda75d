#!/usr/bin/env bash
# What labels of one's own are worth, on reviews of electronics: learns from 100, 500 and 1,500 of
# them, starting from nothing, from a language model of films, from the same adapted to the
# unlabelled texts, and from the model that comes with Valence, and prints the accuracy on test.csv
# as a Markdown table. Parts that are finished are not repeated.
#
#   training/electronics.sh DATA OUT LANGUAGE-MODEL
#
#   DATA            folder with train.csv and test.csv: id, product, stars, label, text
#   OUT             folder of the runs
#   LANGUAGE-MODEL  folder that 'valence train lm' has finished
set -euo pipefail

if (($# != 3)); then
  sed -n '2,/^set/{/^set/d; s/^# \{0,1\}//; p}' "$0" >&2
  exit 2
fi
data=$1 out=$2 model=$3
valence=${VALENCE:-$(cd -- "$(dirname -- "$0")/.." && pwd)/valence}
own=(--preset small --data "$data/train.csv" --group-column product --towers 1)
mkdir -p "$out"

accuracy() { # name, what valence is told of the model
  local json=$out/$1.json
  if [[ ! -s $json ]]; then
    $valence train evaluate "${@:2}" --data "$data/test.csv" --json >"$json.partial" 2>>"$out/$1.log"
    mv "$json.partial" "$json"
  fi
  # The first is the one of all reviews.
  sed 's/"accuracy":\([0-9.]*\).*/\1/; s/.*[{,]//' "$json" | awk '{ printf "%.1f %%", 100 * $1 }'
}

trained() { # name, labels, epochs of all layers, recipe and start
  local run=$out/$1-$2
  if [[ ! -f $run/exported/manifest.json ]]; then
    $valence train classifier "${own[@]}" --validation 0.2 --limit-labels "$2" --out "$run" \
      --set max_tokens=200 --set "cycle_len=$3" "${@:4}" >&2 2>>"$run.log"
    rm -rf "$run/exported"
    $valence train export --classifier "$run" --out "$run/exported" --name electronics 2>>"$run.log"
  fi
  accuracy "$1-$2" --model "$run/exported"
}

nothing=(--from-nothing --set nl=1 --set em_sz=100 --set frozen=0 --set lr=0.005 --set lr_decay=1)
language=(--set frozen=2 --set lr=0.003)
films=(--set frozen=0)

if [[ ! -f $out/adapted/language-model.index ]]; then
  $valence train lm "${own[@]}" --set cycle_len=2 --language-model "$model" --out "$out/adapted" \
    2>>"$out/adapted.log"
fi
echo "| labels | from nothing | from the language model | from it, adapted | from the film model |"
echo "|---:|---:|---:|---:|---:|"
echo "| 0 | | | | $(accuracy films) |"
# The fewer the labels, the more epochs.
while read -r labels many few; do
  printf '| %s | %s | %s | %s | %s |\n' "$labels" \
    "$(trained nothing "$labels" 12 "${nothing[@]}")" \
    "$(trained language "$labels" "$many" "${language[@]}" --language-model "$model")" \
    "$(trained adapted "$labels" "$many" "${language[@]}" --language-model "$out/adapted")" \
    "$(trained sentiment "$labels" "$few" "${films[@]}")"
done <<<'100 16 8
500 8 6
1500 4 4'
