"""A small library whose pages show everything that a page can hold."""

from library_folder import address, put

SETTINGS = """
[site]
name = "Answers of the learned"
base_url = "https://example.org"
description = "Questions that were put to the learned, with their written answers."
tagline = "Written answers, with their sources"
author = "The Institute"
notice = "An example for software."

[[subjects]]
title = "Medicine"

[build]
page_size = 5
"""
FULL = r"""
The liver makes about $Q = 1.5\,\mathrm{L/min}$ of use of its blood; see \(\frac{a}{b}\), $\vec{F} = m\vec{a}$,
$\vec{AB}$, $\overrightarrow{AB}$ and $\hat{x}$.

## How it is measured

$$
\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}, \qquad
\left(\begin{matrix} a & b \\ c & d \end{matrix}\right)
\left[\sum_{n=1}^{\infty} \frac{1}{n^2}\right] = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}
$$

$$ a_1x_1 + a_2x_2 + a_3x_3 + a_4x_4 + a_5x_5 + a_6x_6 + a_7x_7 + a_8x_8 + a_9x_9 + a_{10}x_{10} + a_{11}x_{11} = b $$

A formula that nobody can read is its source: $\mystery{x}$. Tea costs $5 or $10.

### In numbers

| Stage | Survival after five years | Number | Remark |
|:------|:-------------------------:|-------:|--------|
| 0 | 70% | 1,234 | Resection, ablation or transplantation |
| A | 50% | 567 | $p < 0.05$ |
| B, with_a_very_long_identifier_that_does_not_break_anywhere | 20% | 8 | Chemoembolisation |

```python
def survival(stage: str, years: int = 5) -> float:
    "The share of people who live."  # a comment, and a line that is much longer than a phone is wide, to scroll
    return {"0": 0.7, "A": 0.5}.get(stage, 0.2) ** (years / 5)
```

1. First, look at https://example.org/a/very/long/address/that/goes/on/and/on/and/on/without/end?query=1&other=2.
2. Then
   - a list inside
   - with `inline code` and a note[^1]
3. ~~Last~~ done

> A quotation of someone who knew.
>
> > And one inside.

> [!WARNING]
> Not medical advice.

Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft-and-more-and-more.

- [x] Read
- [ ] Understood

<details>
<summary>More</summary>

Hidden **until** asked for.

</details>

[^1]: The note, with a [link](/learn/medicine).
"""
SOURCES = """also_asked:
    - How is liver cancer treated today?
    - What can be done about a tumour of the liver?
provenance: machine-reviewed
author: Dr. Ada Lovelace
sources:
    - id: a
      title: A trial of something against something else
      authors: Llovet JM, Bruix J
      year: 2002
      venue: Lancet
      doi: 10.1016/S0140-6736(02)08649-X
      pmid: "12049862"
    - id: b
      title: A paper that was withdrawn
      authors: Nobody N
      year: 2010
      venue: Journal of Nothing
      url: https://example.org/withdrawn
      retracted: true
"""
ARABIC = (
    r"الكبد عضو كبير. يزن نحو $1.5\,\mathrm{kg}$ عند البالغين." + r"\n\n| المرحلة | النسبة |\n|---|---|\n| 0 | 70% |"
)


def written(folder):
    """The library's folder, filled."""
    (folder / "responsa.toml").write_text(SETTINGS, encoding="utf-8")
    others = [address(f"q{number}") for number in range(5)]
    full = {"answer": FULL.replace("\n", r"\n"), "more": SOURCES, "links": others}
    put(folder, "full", question="How is cancer of the liver treated?", **full)
    put(folder, "arabic", answer=ARABIC, question="ما هو الكبد؟", more="language: ar\n", links=others[:2])
    put(folder, "typical", answer=typical(), question="What does the liver do, and why does it matter?", links=others)
    for number in range(12):
        put(folder, f"q{number}", day=number + 1, question=f"What is question number {number} about?")
    return folder


def typical():
    """An answer as long as the real library's mean, plain and with a list."""
    line = "The liver **filters** the blood that comes from the gut, stores sugar and makes proteins of the plasma. "
    points = "".join(rf"\n- **Point {number}**: {line}" for number in range(8))
    return rf"{line * 4}\n\n## What follows\n{points}\n\n{line * 6}"
