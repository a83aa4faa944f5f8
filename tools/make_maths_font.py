"""Makes the maths font that pages ship: Latin Modern Math cut down to what TeX in articles needs, as woff2.

    uv run tools/make_maths_font.py [/usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf]

The font comes from Debian's package ``fonts-lmodern`` (GUST Font License, see its LICENSE.txt). The licence
asks that a changed font bears another name: ours is called Responsa Math. The result is the same at every run.
"""

# ruff: noqa: INP001, T201  (a script, in no package)

import argparse
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE: Final = Path("/usr/share/texmf/fonts/opentype/public/lm-math/latinmodern-math.otf")
TARGET: Final = Path(__file__).parents[1] / "src/responsa/publish/static/fonts/responsa-math.woff2"
NAME: Final = "Responsa Math"
PRIMES: Final = (0x2032, 0x2033, 0x2034, 0x2057)

RANGES: Final = (
    (0x20, 0x7E),  # letters, digits and signs of ASCII
    (0xA0, 0xBE), (0xD7, 0xD7), (0xF7, 0xF7),  # degrees, fractions, products
    (0x0300, 0x030C), (0x0332, 0x0332), (0x0338, 0x0338),  # accents, the line below, the stroke of \not
    (0x0393, 0x03A9), (0x03B1, 0x03C9), (0x03D1, 0x03D6), (0x03F0, 0x03F5),  # Greek
    (0x2013, 0x2026), (0x2032, 0x2037), (0x2057, 0x2057),  # dashes, bars, dots, primes
    (0x2061, 0x2064),  # invisible products
    (0x20D7, 0x20D7),  # vectors
    (0x2102, 0x2102), (0x210B, 0x2115), (0x2118, 0x211D), (0x2124, 0x2138),  # reals, hbar, aleph
    (0x2190, 0x2199), (0x219A, 0x219B), (0x21A0, 0x21A6), (0x21A9, 0x21AA), (0x21BC, 0x21CC), (0x21CE, 0x21D5),
    (0x2200, 0x22A5), (0x22A7, 0x22A9), (0x22B2, 0x22B5), (0x22C0, 0x22CB), (0x22D0, 0x22D3), (0x22DA, 0x22DB),
    (0x22EE, 0x22F1),  # operators and comparisons
    (0x2308, 0x230B), (0x231C, 0x231F), (0x2322, 0x2323), (0x23DE, 0x23DF),  # floor, ceiling, braces
    (0x25A0, 0x25A1), (0x25B2, 0x25B5), (0x25BC, 0x25BF), (0x25CA, 0x25CB),  # squares, triangles, circles
    (0x27E8, 0x27EB), (0x27F5, 0x27FA), (0x27FC, 0x27FC),  # angle brackets, long arrows
    (0x2A00, 0x2A02), (0x2A0C, 0x2A0C), (0x2A7D, 0x2A7E), (0x2AAF, 0x2AB0),  # large operators, slanted comparisons
    (0x1D400, 0x1D49B),  # bold, italic, both
    (0x1D49C, 0x1D4B5),  # script capitals
    (0x1D504, 0x1D51C), (0x1D538, 0x1D550),  # Fraktur and double-struck capitals
    (0x1D6A4, 0x1D6E1), (0x1D6FC, 0x1D71B),  # Greek, bold and italic
    (0x1D7CE, 0x1D7D7),  # bold digits
)  # fmt: skip
"""What comes out of the TeX that articles hold and its kin; any other letter comes from the reader's own fonts."""


def main() -> None:
    """Cut, rename, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", nargs="?", type=Path, default=SOURCE)
    font = TTFont(options.parse_args().source, recalcTimestamp=False)
    _lower_primes(font)
    _cut(font)
    _rename(font)
    font.flavor = "woff2"
    TARGET.parent.mkdir(exist_ok=True)
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {font['maxp'].numGlyphs:,} glyphs")


def _lower_primes(font: TTFont) -> None:
    """A prime is always set above: its form for that (feature ssty) is the only one, as browsers do not choose it."""
    letters = font.getBestCmap()
    above = {code: f"{letters[code]}.st" for code in PRIMES}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({code: name for code, name in above.items() if code in table.cmap})


def _cut(font: TTFont) -> None:
    options = Options()
    # Forms for scripts would double the file, and browsers scale letters well.
    options.layout_features = []
    options.drop_tables += ["FFTM"]
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)


def _rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = NAME
        elif record.nameID == 6:  # noqa: PLR2004  the PostScript name has no blanks
            record.string = NAME.replace(" ", "")
    font["CFF "].cff.fontNames = [NAME.replace(" ", "")]


if __name__ == "__main__":
    main()
