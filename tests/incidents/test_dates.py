import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.incidents.dates import find_dates
from geomap.incidents.explicit_dates import MONTHS
from geomap.incidents.relative_dates import nearest_weekday

FRIDAY = dt.date(2024, 4, 12)
days = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))


def spans(text, issued=FRIDAY):
    """Give each span as "words since[..until] precision"."""
    return [
        f"{text[s.start : s.end]}: {s.since}"
        + (f"..{s.until}" if s.until != s.since else "")
        + ("" if s.precision == "day" else f" {s.precision}")
        for s in find_dates(text, issued)
    ]


def only(text, issued=FRIDAY):
    (span,) = find_dates(text, issued)
    return span


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on 12 April 2024 in", "12 April 2024: 2024-04-12"),
        ("on April 12, 2024, in", "April 12, 2024: 2024-04-12"),
        ("on Friday, 12 April 2024", "Friday, 12 April 2024: 2024-04-12"),
        ("Fri, 12 Apr 2024 10:00", "Fri, 12 Apr 2024: 2024-04-12"),
        ("on the 12th of April, 2024", "12th of April, 2024: 2024-04-12"),
        ("GAZA, 12 APRIL 2024 -", "12 APRIL 2024: 2024-04-12"),
        ("on 12 april 2024", "12 april 2024: 2024-04-12"),
        ("on Sept. 5, 2023", "Sept. 5, 2023: 2023-09-05"),
        ("2024-04-12T10:00Z", "2024-04-12: 2024-04-12"),
        ("on 12.04.2024 at", "12.04.2024: 2024-04-12"),
        ("on 13/04/2024 at", "13/04/2024: 2024-04-13"),
        ("on 04/13/2024 at", "04/13/2024: 2024-04-13"),
        ("night of 12/13 April", "12/13 April: 2024-04-12..2024-04-13"),
        ("between 2 and 4 April", "2 and 4 April: 2024-04-02..2024-04-04"),
        ("between April 2 and 4", "April 2 and 4: 2024-04-02..2024-04-04"),
        ("from 3 to 5 March", "3 to 5 March: 2024-03-03..2024-03-05"),
        ("April 9-11, 2024", "April 9-11, 2024: 2024-04-09..2024-04-11"),
        ("28 March - 5 April 2024", "28 March - 5 April 2024: 2024-03-28..2024-04-05"),
        ("28 December to 3 January", "28 December to 3 January: 2023-12-28..2024-01-03"),
        (
            "31 December 2022/1 January 2023",
            "31 December 2022/1 January 2023: 2022-12-31..2023-01-01",
        ),
        ("December 28, 2023 - January 3", "December 28, 2023 - January 3: 2023-12-28..2024-01-03"),
        ("2024-04-10 to 2024-04-12", "2024-04-10 to 2024-04-12: 2024-04-10..2024-04-12"),
        ("Report no. 9, 6 March 2024", "6 March 2024: 2024-03-06"),
        ("on 3, 4 and 5 March", "3, 4 and 5 March: 2024-03-03..2024-03-05"),
        ("on 7 October last year", "7 October last year: 2023-10-07"),
        ("in\nApril\n2024", "April\n2024: 2024-04-01..2024-04-30 month"),
        ("in March", "March: 2024-03-01..2024-03-31 month"),
        ("in early March", "early March: 2024-03-01..2024-03-10 month"),
        ("in mid-March 2024", "mid-March 2024: 2024-03-11..2024-03-20 month"),
        ("at the end of March", "end of March: 2024-03-21..2024-03-31 month"),
        ("last October", "last October: 2023-10-01..2023-10-31 month"),
        ("March-May 2023", "March-May 2023: 2023-03-01..2023-05-31 month"),
        ("between March and May 2023", "March and May 2023: 2023-03-01..2023-05-31 month"),
        ("in 2013", "2013: 2013-01-01..2013-12-31 year"),
        ("the 2014 war", "2014: 2014-01-01..2014-12-31 year"),
        ("the resolution (2006)", "2006: 2006-01-01..2006-12-31 year"),
        ("from 2011 to 2014", "2011 to 2014: 2011-01-01..2014-12-31 year"),
        ("in 2022/23", "2022/23: 2022-01-01..2023-12-31 year"),
        ("late 2023", "late 2023: 2023-09-01..2023-12-31 year"),
        ("on Monday evening", "Monday evening: 2024-04-08"),
        ("on Friday", "Friday: 2024-04-12"),
        ("last Friday", "last Friday: 2024-04-05"),
        ("next Monday", "next Monday: 2024-04-15"),
        ("from Monday to Wednesday", "Monday to Wednesday: 2024-04-08..2024-04-10"),
        ("Saturday-Sunday night", "Saturday-Sunday night: 2024-04-06..2024-04-07"),
        ("over the weekend", "the weekend: 2024-04-06..2024-04-07 week"),
        ("yesterday morning", "yesterday morning: 2024-04-11"),
        ("the day before yesterday", "the day before yesterday: 2024-04-10"),
        ("Tonight", "Tonight: 2024-04-12"),
        ("this morning", "this morning: 2024-04-12"),
        ("last night", "last night: 2024-04-11..2024-04-12"),
        ("overnight", "overnight: 2024-04-11..2024-04-12"),
        ("tomorrow", "tomorrow: 2024-04-13"),
        ("two days ago", "two days ago: 2024-04-10"),
        ("a week ago", "a week ago: 2024-04-05 week"),
        ("three months ago", "three months ago: 2024-01-01..2024-01-31 month"),
        ("last week", "last week: 2024-04-01..2024-04-07 week"),
        ("last month", "last month: 2024-03-01..2024-03-31 month"),
        ("this week", "this week: 2024-04-08..2024-04-12 week"),
        ("earlier this year", "earlier this year: 2024-01-01..2024-04-12 year"),
        ("in recent days", "recent days: 2024-04-09..2024-04-12 week"),
        ("in the past 24 hours", "past 24 hours: 2024-04-11..2024-04-12"),
        ("over the last two weeks", "last two weeks: 2024-03-29..2024-04-12 week"),
    ],
)
def test_words_are_read(text, found):
    assert spans(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Fighters may attack; Theresa May said so.",
        "The march of 12 people went on.",
        "UP TO 12 MAY HAVE DIED",
        "Resolution 1701 and 2334",
        "04/05/2024",
        "31 June 2024",
        "about 2000 people in 2000 homes",
        "the 14 March Alliance, the 6 October Bridge, October 17 Street",
        "on Sundays and every Monday",
        "Good Friday Agreement",
        "at 3:00 pm, 24/7, in 12-14 hours",
        "August Wilson and April Jones met June.",
        "an overnight curfew",
        "the same day",
        "3.5 May-type tanks",
        "",
    ],
)
def test_what_is_no_date_is_left_alone(text):
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("He will meet the president in Washington on April 15.", "2024-04-15"),
        ("On April 15, he will meet the president.", "2024-04-15"),
        ("the visit on April 15", "2024-04-15"),
        ("the vote scheduled for 20 September", "2024-09-20"),
        ("ahead of the 3 May summit", "2024-05-03"),
        ("They will answer, he said on 5 May.", "2023-05-05"),
        ("It will answer after the strike of 20 April.", "2023-04-20"),
        ("The army killed two on 20 April.", "2023-04-20"),
        ("The council meets on Monday and will vote.", "2024-04-08"),
        ("The council will vote on Monday.", "2024-04-15"),
        ("He threatened to block the port from Monday.", "2024-04-15"),
        ("He threatened on Monday to block the port.", "2024-04-08"),
        ("He said he will travel on Tuesday.", "2024-04-16"),
        ("He said on Tuesday that he will travel.", "2024-04-09"),
        ("It will retaliate for Monday's attack.", "2024-04-08"),
        ("Elections will be held in November.", "2024-11-01"),
        ("Floods came in November.", "2023-11-01"),
        ("since 15 April", "2023-04-15"),
        ("The ship will follow the one that left on 5 April.", "2024-04-05"),
        ("The pause will last from 5 April.", "2024-04-05"),
        ("They may have died on 20 January.", "2024-01-20"),
    ],
)
def test_the_clause_says_whether_a_date_lies_ahead(text, since):
    assert only(text).since.isoformat() == since


@pytest.mark.parametrize(
    ("text", "background", "ongoing"),
    [
        ("paused since February 2024, when", True, True),
        ("since 10 April", False, True),
        ("since the 7 October attack", True, True),
        ("the 2 April attack", True, False),
        ("the 10 April attack", False, False),
        ("on 2 April", False, False),
        ("last month", True, False),
        ("a week ago", True, False),
        ("two days ago", False, False),
        ("in 2013", True, False),
        ("in 2024", False, False),
        ("will meet on 15 April", False, False),
    ],
)
def test_words_say_what_is_past_context(text, background, ongoing):
    span = only(text)
    assert (span.background, span.ongoing) == (background, ongoing)


def test_the_same_day_is_the_day_named_before():
    text = "On 9 April shells fell. The same day a mine went off. Two days later it rained."
    assert [s.since.day for s in find_dates(text, FRIDAY)] == [9, 9, 11]


def test_overnight_gives_way_to_the_day_its_sentence_names():
    assert spans("On 10 April, overnight, shells fell. Overnight it rained.") == [
        "10 April: 2024-04-10",
        "Overnight: 2024-04-11..2024-04-12",
    ]


def test_days_that_do_not_follow_each_other_are_two():
    assert spans("on 3 and 9 April") == [
        "3 and 9 April: 2024-04-03",
        "3 and 9 April: 2024-04-09",
    ]


def test_a_number_that_counts_people_is_no_day():
    assert spans("In April 12 people died.") == ["April: 2024-04-01..2024-04-30 month"]
    assert spans("On April 9 and 13 people died.") == ["April 9: 2024-04-09"]


def test_29_february_is_looked_for_in_leap_years():
    assert only("on 29 February", dt.date(2023, 5, 1)).since == dt.date(2020, 2, 29)


def test_without_a_date_of_issue_only_dates_with_a_year_are_found():
    assert spans("On Monday, 3 May, yesterday and 12 April 2024, in 2013.", None) == [
        "12 April 2024: 2024-04-12",
        "2013: 2013-01-01..2013-12-31 year",
    ]


@given(
    day=days,
    issued=days,
    style=st.sampled_from(
        ["{0.day} {0:%B} {0.year}", "{0:%B} {0.day}, {0.year}", "{0:%Y-%m-%d}", "{0:%d.%m.%Y}"]
    ),
)
def test_a_full_date_is_itself_whenever_it_is_read(day, issued, style):
    text = f"Shells hit Rafah on {style.format(day)}."
    span = only(text, issued)
    assert (span.since, span.until, span.basis) == (day, day, "explicit")
    assert text[span.start : span.end] == style.format(day)


@given(issued=days, back=st.integers(0, 364))
def test_a_day_without_a_year_is_the_latest_one_up_to_a_week_ahead(issued, back):
    day = issued - dt.timedelta(days=back)
    span = only(f"on {day.day} {day:%B}", issued)
    assert (span.since.month, span.since.day) == (day.month, day.day)
    if back <= 350:
        assert span.since == day


@given(issued=days, back=st.integers(0, 6))
def test_a_weekday_is_within_the_last_seven_days(issued, back):
    day = issued - dt.timedelta(days=back)
    assert only(f"on {day:%A}", issued).since == day
    assert nearest_weekday(f"{day:%A}", issued) == day


words = st.sampled_from(
    [
        *MONTHS,
        "May",
        "March",
        "April",
        "Monday",
        "on",
        "in",
        "between",
        "and",
        "since",
        "the",
        "-",
        "/",
        "12",
        "31",
        "2024",
        "1999",
        "04/05/2024",
        "last",
        "week",
        "ago",
        "two",
        "days",
        "will",
        ".",
        "\n",
    ]
)


@given(st.lists(words, max_size=14), st.one_of(st.none(), st.dates()))
def test_spans_stand_in_order_and_inside_the_text(pieces, issued):
    text = " ".join(pieces)
    found = find_dates(text, issued)
    assert [s.start for s in found] == sorted(s.start for s in found)
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert span.since <= span.until
        assert text[span.start : span.end].strip() == text[span.start : span.end]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        " " * 100_000,
        "12 " * 30_000,
        "May 3, " * 15_000,
        "April" * 20_000,
        "between 1 and " * 8_000,
        "\n" * 100_000,
    ],
)
def test_strange_text_takes_no_longer_than_prose(text):
    started = time.process_time()
    find_dates(text, FRIDAY)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "issued", "found"),
    [
        ("Siege\n\n2013\n\nIn April jets came. On 5 June they left.", None, "2013-06-05"),
        ("Siege\n\n== 2014 ==\nOn 12 March it ended.", dt.date(2020, 1, 1), "2014-03-12"),
        ("On 14 May 2019 it began. On 17 May it ended.", None, "2019-05-17"),
        ("On 30 December 2019 it began. On 2 January it ended.", None, "2020-01-02"),
        ("On 14 May 2019 it began. Two months later it ended.", None, "2019-07-01"),
        ("On 14 May 2019 it began. A week later it ended.", None, "2019-05-21"),
        ("Note\n\n2026\n\nOn 30 December it ended.", dt.date(2026, 1, 3), "2025-12-30"),
    ],
)
def test_a_chronology_keeps_its_year(text, issued, found):
    assert find_dates(text, issued)[-1].since.isoformat() == found
