"""What one store has and another lacks, carried over by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from geomap.model import Incident
from geomap.store.geopackage import Store

_AT_ONCE = 500


class Carried(NamedTuple):
    """How many incidents were new in the other store, how many changed there, and bulletins."""

    new: int
    changed: int
    bulletins: int


def sync(source: Store, target: Store) -> Carried:
    """Bring `target` up to `source`: incidents, bulletins and corrections, by their ids.

    An incident that both have is taken as `source` has it, unless it was edited by
    hand in `target`. Nothing is taken out. Of a corrected incident what it was before
    travels too, so that corrections can be taken back in either store. Run the other
    way round as well to make two stores the same.

    The incidents are compared by content hashes and carried in batches; a sync that
    is cut off is finished by the next.
    """
    target.add([])  # makes it if it is not there
    target.add_corrections(source.corrections())
    known = target.bulletin_ids()
    missing = sorted(source.bulletin_ids() - known)
    new = changed = 0
    for some in _batches(_apart(source.hashes(), target.hashes())):
        done = target.add(_as_before(source, some))
        new, changed = new + done.new, changed + done.changed
    for doc_id in missing:
        bulletin = source.bulletin(doc_id)
        if bulletin:
            target.add_bulletin(bulletin)
    return Carried(new, changed, len(missing))


def _as_before(source: Store, ids: Iterable[str]) -> Iterator[Incident]:
    """Give incidents as they were before their corrections, which the target applies itself."""
    for id_ in ids:
        incident = source.original(id_) or source.incident(id_)
        if incident:
            yield incident


def _apart(source: Iterator[tuple[str, str]], target: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Walk both lists by id, and give what the target lacks or has otherwise."""
    there = next(target, None)
    for id_, hash_ in source:
        while there and there[0] < id_:
            there = next(target, None)
        if there != (id_, hash_):
            yield id_


def _batches(ids: Iterator[str]) -> Iterator[list[str]]:
    whole = list(ids)  # the walk reads both stores, which are then free to be written
    rest = iter(whole)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
