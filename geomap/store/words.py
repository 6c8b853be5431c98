"""Words to look for: as FTS5 asks for them, and by hand where SQLite has no FTS5."""

from __future__ import annotations

import re
import unicodedata
from sqlite3 import Connection

from geomap.store.query import Query
from geomap.store.row import actor_names


def fts5_expression(query: Query) -> str:
    """Put a query's words in FTS5's language; every word is quoted, so none is an operator."""
    words = [_quoted(word) for word in _asked(query.text)]
    actors = [f"actors : {_quoted(word)}" for word in _asked(query.actor)]
    return " AND ".join(words + actors)


def tsquery(query: Query) -> str:
    """Put a query's words as PostgreSQL's tsquery; an actor's words carry the label A."""
    words = [" <-> ".join(_lexemes(word)) for word in _asked(query.text)]
    actors = [
        " <-> ".join(f"{lexeme}:A" for lexeme in _lexemes(word)) for word in _asked(query.actor)
    ]
    return " & ".join(f"({word})" for word in words + actors if word)


def tsvector(texts: tuple[str, str, str]) -> str:
    """Give sentence, place and names of actors as PostgreSQL's tsvector, made by hand.

    So a word is the same as in the embedded store, whatever the server's language.
    """
    found: dict[str, list[str]] = {}
    at = 1
    for text, label in zip(texts, ("", "", "A"), strict=True):
        for lexeme in _lexemes(text):
            found.setdefault(lexeme, []).append(f"{min(at, _LAST)}{label}")
            at += 1
        at += 10  # no phrase runs from one column into the next
    return " ".join(f"{lexeme}:{','.join(spots[:_SPOTS])}" for lexeme, spots in found.items())


_LAST, _SPOTS, _LONGEST = 16_383, 255, 400  # what a tsvector takes


def _lexemes(text: str) -> list[str]:
    return [f"'{word[:_LONGEST]}'" for word in _spaced(text).split()]


def add_function(db: Connection) -> None:
    """Register ``geomap_holds(asked, sentence, place, actors)``, the way without FTS5."""
    db.create_function("geomap_holds", -1, _holds, deterministic=True)


def _asked(text: str) -> list[str]:
    return [word for word in text.split() if any(c.isalnum() for c in word)]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _holds(asked: str, *texts: str | None) -> bool:
    """Say whether each word is in one of the texts; the last text is the column ``actors``."""
    *plain, actors = texts
    found = [_spaced(text or "") for text in (*plain, actor_names(actors))]
    return all(any(_spaced(word) in text for text in found) for word in _asked(asked))


_WORD = re.compile(r"[^\W_]+")


def _spaced(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return f" {' '.join(_WORD.findall(bare.casefold()))} "
