"""From which score on an article may be said to answer: readers' queries that the library answers, and others.

    python bench/serve/known.py LIBRARY

The first are bench/quality/queries.jsonl, which were written for articles of the real library; the others ask for what
no library of study questions holds.
"""

import json
import sys
from pathlib import Path

import numpy as np

from responsa.index.encoders import encoder_of
from responsa.index.found import READ
from responsa.index.index import Index, open_index
from responsa.library.catalogue import refresh
from responsa.library.library import read
from responsa.serve.asking import KNOWN

ANSWERED = Path(__file__).parents[1] / "quality" / "queries.jsonl"
ELSEWHERE = """what is the wifi password of the town hall
who won the 2031 chess world championship
best pizza in Ljubljana open late
how do I reset my Zyxel router model VMG3625
when does the number 14 tram leave from Main Street
is my aunt Greta coming to dinner on Friday
what did the mayor of Hobart say about parking fees yesterday
how much does a used 2017 Skoda Octavia cost in Brno
what is the phone number of Dr Patel in Leicester
translate the Voynich manuscript page 32
which seats are best in the Elbphilharmonie for organ concerts
how do I train my cockatiel to whistle Beethoven
what is the cheat code for level 7 of Dungeon Plumber
who is the CEO of Blorptech Industries
how do I cancel my gym membership at FitPark
what is the current price of bitcoin
where can I buy left-handed scissors in Oslo
how tall is the actor who plays Zorbo in Moon Riders
why does my cat knock glasses off the table at 3 am
what colour should I paint my kitchen
how do I install a dishwasher in a rented flat
what's the score of the Lakers game
how many calories does my grandmother's lasagna have
asdf qwer zxcv
lorem ipsum dolor sit amet
flurbing the wozzle
how do I knit a sweater for a penguin
what is the best fishing spot on Lake Inari
how to beat the final boss in Elden Ring
recipe for gluten free sourdough rye with seeds
which airline lost my suitcase
do I need a visa for Kyrgyzstan as a Maltese citizen
how do I fix error 0x80070057 on my laptop
when is the next bus to Graz
who lives at 221 Elm Road
what is my horoscope for tomorrow
how do I get wine stains out of a wool carpet
tell me a joke about plumbers
how do I tune a Fender Jazzmaster tremolo
what should I name my new puppy""".splitlines()


def best(index: Index, query: str) -> float:
    hits = index.search(query, 10, read=READ)
    return hits[0].score if hits else 0.0


def main() -> None:
    library = read(Path(sys.argv[1]))
    with refresh(library) as catalogue, open_index(library, catalogue, encoder_of(library)) as index:
        answered = np.array([best(index, json.loads(line)["query"]) for line in ANSWERED.read_text().splitlines()])
        elsewhere = np.array([best(index, query) for query in ELSEWHERE])
    print("| score | of queries with an answer | of queries without |\n|---|---|---|")
    for score in (1.0, 1.1, 1.2, KNOWN, 1.3, 1.4, 1.5):
        print(f"| {score} | {(answered >= score).mean():.3f} | {(elsewhere >= score).mean():.3f} |")


if __name__ == "__main__":
    main()
