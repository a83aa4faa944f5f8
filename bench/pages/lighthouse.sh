#!/usr/bin/env bash
# Lighthouse on a page of each kind of a built site, on a simulated phone: the four scores, and the bytes of each page.
#
#     bench/pages/lighthouse.sh SITE /learn/medicine /learn/medicine/questions/...
#
# Needs node, npm and Chromium (Debian: apt-get install chromium). Ends with 1 where a score is below 100.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
if [ "${2:-}" != "--at" ]; then
  exec python3 "$here/serve.py" "$1" "$0" "$1" --at "${@:2}"
fi
address="${*: -1}"
paths=("/" "${@:3:$#-3}")
tools="${LIGHTHOUSE_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/responsa-lighthouse}"
[ -x "$tools/node_modules/.bin/lighthouse" ] || npm install --silent --no-fund --no-audit --prefix "$tools" lighthouse@13
CHROME_PATH="$(command -v chromium || command -v chromium-browser || command -v google-chrome)"
export CHROME_PATH
worst=100
for path in "${paths[@]}"; do
  report="$(mktemp)"
  "$tools/node_modules/.bin/lighthouse" "$address$path" --quiet --output=json --output-path="$report" \
    --chrome-flags="--headless=new --no-sandbox" \
    --only-categories=performance,accessibility,best-practices,seo
  python3 "$here/scores.py" "$report" "$path" || worst=0
  rm -f "$report"
done
[ "$worst" = 100 ]
