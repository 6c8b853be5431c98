import datetime as dt

import pytest

from geomap.errors import InputError
from geomap.store import Bbox, Query
from geomap.store.query import known_types


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (
            {"types": ["battel"]},
            "incident type 'battel' is not known\nKnown types: explosion, battle",
        ),
        ({"types": "war"}, "incident type 'war' is not known"),
        (
            {"since": "2026-05-04", "until": "2026-05-01"},
            "since 2026-05-04 is after until 2026-05-01",
        ),
        ({"since": "yesterday"}, "since 'yesterday' is not a day"),
        ({"until": 20260501}, "until 20260501 is not a day"),
        ({"bbox": "1,2,3"}, "not four numbers"),
        ({"bbox": [1, 2, 3]}, "not four numbers"),
        ({"bbox": 7}, "not four numbers"),
        ({"text": "***"}, "holds no word"),
        ({"limit": 0}, "limit 0"),
        ({"modality": "sure"}, "modality 'sure' is not known"),
        ({"after": "soon/a"}, "'soon/a' is no cursor"),
        ({"after": "2026-05-01"}, "is no cursor"),
        ({"bbox": ["1,2,3,4", "1,2,3"]}, "not four numbers"),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(asked, what):
    with pytest.raises(InputError, match=what.replace("*", r"\*")):
        Query(**asked)


def test_plain_values_are_read():
    query = Query(
        bbox="33,29,36,34", since="2026-05-01", until=dt.datetime(2026, 5, 2, 9), types="battle"
    )
    assert query == Query(
        bbox=Bbox(33, 29, 36, 34),
        since=dt.date(2026, 5, 1),
        until=dt.date(2026, 5, 2),
        types=("battle",),
    )


def test_every_type_of_the_table_can_be_asked_for():
    assert len(known_types()) >= 10
    assert Query(types=known_types()).types == known_types()


def test_one_box_or_several_are_read():
    box, other = Bbox(1, 2, 3, 4), Bbox(5, 6, 7, 8)
    assert Query(bbox=[1, 2, 3, 4]).boxes == Query(bbox=["1,2,3,4"]).boxes == (box,)
    assert Query(bbox=("1,2,3,4", [5, 6, 7, 8])).boxes == (box, other)
    assert Query(bbox=()) == Query()
