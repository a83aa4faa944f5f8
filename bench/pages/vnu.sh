#!/usr/bin/env bash
# The validator of the HTML standard's own checker (Nu) over every page and style sheet of a built site.
#
#     bench/pages/vnu.sh SITE
#
# Needs java and npm. Ends with 1 where it finds an error; prints nothing but a count where it finds none.
set -euo pipefail
tools="${VNU_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/responsa-vnu}"
jar="$tools/node_modules/vnu-jar/build/dist/vnu.jar"
[ -f "$jar" ] || npm install --silent --no-fund --no-audit --ignore-scripts --prefix "$tools" vnu-jar
java -Xss4m -jar "$jar" --skip-non-html --also-check-css "$1"
echo "$(find "$1" -name '*.html' | wc -l) pages, $(find "$1" -name '*.css' | wc -l) style sheets: no error"
