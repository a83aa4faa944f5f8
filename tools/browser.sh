#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium: an installed one, else Debian's package, else Playwright's own.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium && exit 0
fi
exec .tools/bin/uv run --quiet playwright install chromium
