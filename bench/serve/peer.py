"""bm25s behind the same kind of server: words alone, no vectors, no passages, no forgiven typos.

python bench/serve/peer.py LIBRARY PORT
"""

import json
import sys
from pathlib import Path
from urllib.parse import parse_qs

import bm25s
import uvicorn
from starlette.types import Receive, Scope, Send

from responsa.article import Article
from responsa.library.catalogue import refresh
from responsa.library.library import read

K = 10


def main() -> None:
    urls, texts = [], []
    with refresh(read(Path(sys.argv[1]))) as catalogue:
        for entry in catalogue.entries([card.path for card in catalogue.cards(listed=True, by="path")]):
            if isinstance(entry, Article):
                urls.append((entry.url, entry.question))
                texts.append(f"{(entry.question + ' ') * 3}{entry.answer}")
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode())["q"][0]
        tokens = bm25s.tokenize([query], stopwords="en", show_progress=False, return_ids=False)
        rows, scores = index.retrieve(tokens, k=K, show_progress=False)
        pairs = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        hits = [{"url": urls[row][0], "title": urls[row][1], "score": score} for row, score in pairs]
        body = json.dumps({"hits": hits}).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(app, port=int(sys.argv[2]), loop="uvloop", http="httptools", lifespan="off", log_level="error")


if __name__ == "__main__":
    main()
