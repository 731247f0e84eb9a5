#!/usr/bin/env bash
# Makes the page's font, style/inter/inter.woff2, anew: Inter with the weights and the characters that the page uses. What
# data hold beyond these is shown in a font of the system. Run it when the page needs another character.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet fonttools==4.68.0 brotli==1.1.0
(cd "$work" && npm pack --silent @fontsource-variable/inter@5.3.0 >/dev/null && tar xzf ./*.tgz)
font="$work/package/files/inter-latin-wght-normal.woff2"

"$work/venv/bin/fonttools" varLib.instancer "$font" wght=400:700 --output "$work/weights.ttf" --quiet
# Latin letters and signs, dashes and quotes, and the signs of sentences and labels. Figures of one width are a feature.
"$work/venv/bin/pyftsubset" "$work/weights.ttf" --output-file=style/inter/inter.woff2 --flavor=woff2 \
    --unicodes="U+20-7E,U+A0-FF,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+2191,U+2193,U+2212" \
    --layout-features=kern,tnum --name-IDs=0,1,2,3,4,5,6,13,14 --no-hinting --desubroutinize
cp "$work/package/LICENSE" style/inter/OFL.txt
wc -c style/inter/inter.woff2
