"""The day of an incident, as whole bulletins of a sentence or two tell it.

All come out on Wednesday 15 May 2024. A period is written with two dots.
"""

import datetime as dt

import pytest

from geomap.incidents.extract import extract_bulletin
from geomap.model import Bulletin


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A car bomb exploded in Goma on Tuesday, killing five.", "2024-05-14"),
        (
            "A car bomb exploded in Goma late on Tuesday, police said on Wednesday.",
            "2024-05-14",
        ),
        (
            "Police said on Wednesday that a bomb had exploded in Goma the previous evening.",
            "2024-05-14",
        ),
        ("Shelling hit Nikopol overnight into Wednesday.", "2024-05-15"),
        ("Gunmen attacked Bunia in the early hours of Monday.", "2024-05-13"),
        ("Gunmen attacked Bunia at dawn on 12 May.", "2024-05-12"),
        ("Gunmen attacked Bunia on the night of 12-13 May.", "2024-05-12..2024-05-13"),
        (
            "The army said on Tuesday it had retaken Bunia, seized by rebels earlier this month.",
            "2024-05-14",
        ),
        ("The army retook Bunia on Sunday, two weeks after rebels seized it.", "2024-05-12"),
        ("The army on Monday retook Bunia, which fell in April.", "2024-05-13"),
        ("Floods killed 12 people in Sylhet between 10 and 13 May.", "2024-05-10..2024-05-13"),
        ("Floods killed 12 people in Sylhet over the weekend.", "2024-05-11..2024-05-12"),
        ("Floods killed 12 people in Sylhet since Sunday.", "2024-05-12..2024-05-15"),
        ("Two people were killed in Goma three days ago.", "2024-05-12"),
        ("Two people were shot dead in Goma yesterday.", "2024-05-14"),
        ("A strike killed four in Rafah this morning.", "2024-05-15"),
        ("A strike killed four in Rafah on the morning of May 13.", "2024-05-13"),
        ("A strike killed four in Rafah on 13/05/2024.", "2024-05-13"),
        ("A strike killed four in Rafah on 2024-05-13.", "2024-05-13"),
        ("A strike killed four in Rafah on May 13th, 2024.", "2024-05-13"),
        ("13 May: A strike killed four in Rafah.", "2024-05-13"),
        (
            "On 13 May, a strike killed four in Rafah. The same day, gunmen attacked Goma.",
            "2024-05-13;2024-05-13",
        ),
        (
            "On 13 May, a strike killed four in Rafah. The next day, gunmen attacked Goma.",
            "2024-05-13;2024-05-14",
        ),
        (
            "On 13 May, a strike killed four in Rafah. A day earlier, gunmen attacked Goma.",
            "2024-05-13;2024-05-12",
        ),
        (
            "A strike killed four in Rafah. Hours later, gunmen attacked Goma.",
            "2024-05-15;2024-05-15",
        ),
        (
            "A magnitude 6.1 earthquake hit Tabriz at 03:12 on 14 May (23:42 UTC on 13 May).",
            "2024-05-14",
        ),
        ("Gunmen attacked Goma last Thursday.", "2024-05-09"),
        ("Gunmen attacked Goma on Thursday last week.", "2024-05-09"),
        ("Gunmen attacked Goma on Thursday.", "2024-05-09"),
        ("Gunmen attacked Goma on Wednesday morning.", "2024-05-15"),
        ("Gunmen attacked Goma on May 9 and 10.", "2024-05-09..2024-05-10"),
        ("Between 6 and 12 May, gunmen attacked Goma three times.", "2024-05-06..2024-05-12"),
        ("In early May, gunmen attacked Goma.", "2024-05-01..2024-05-10"),
        ("In April, gunmen attacked Goma.", "2024-04-01..2024-04-30"),
        ("In December, gunmen attacked Goma.", "2023-12-01..2023-12-31"),
        ("On 28 December, gunmen attacked Goma.", "2023-12-28"),
        ("In March 2022, gunmen attacked Goma.", "2022-03-01..2022-03-31"),
        ("In 2019, gunmen attacked Goma.", "2019-01-01..2019-12-31"),
        ("On October 7, 2023, gunmen attacked Goma.", "2023-10-07"),
        (
            "A bomb exploded in Goma on Monday. It was the deadliest attack there since 2019.",
            "2024-05-13",
        ),
        (
            "A bomb exploded in Goma on Monday, three years after a similar attack in the town.",
            "2024-05-13",
        ),
        ("A bomb exploded in Goma on the eve of the 20 May election.", "2024-05-15"),
        ("A bomb exploded in Goma. Elections are due on 20 May.", "2024-05-15"),
        ("A bomb exploded in Goma ahead of Thursday's vote.", "2024-05-15"),
        ("Monday's attack in Goma killed nine people.", "2024-05-13"),
        ("The 3 May shelling of Goma killed nine people.", "2024-05-03"),
        ("The death toll from Sunday's landslide in Goma rose to 21 on Tuesday.", "2024-05-12"),
        ("A soldier was killed in Jenin at around 2 a.m. on Tuesday.", "2024-05-14"),
        ("A soldier was killed in Jenin a week ago.", "2024-05-08"),
        ("From 10 to 12 May, clashes killed 30 people in El Fasher.", "2024-05-10..2024-05-12"),
        (
            "In the past 24 hours, shelling killed three people in Kherson.",
            "2024-05-14..2024-05-15",
        ),
        ("Shelling killed three people in Kherson during the reporting period.", "2024-05-15"),
        (
            "On the night of May 14 to 15, Russia struck Odesa with drones.",
            "2024-05-14..2024-05-15",
        ),
        ("As of 14 May, the floods in Sylhet had killed 30 people.", "2024-05-14"),
        ("Tuesday night's strike on Odesa killed two.", "2024-05-14"),
        ("On Friday 10 May, police shot dead a protester in Nairobi.", "2024-05-10"),
        ("Earlier on Wednesday, police shot dead a protester in Nairobi.", "2024-05-15"),
        ("Earlier this week, police shot dead a protester in Nairobi.", "2024-05-13..2024-05-15"),
    ],
)
def test_an_incident_has_its_own_day(text, wanted):
    found = extract_bulletin(Bulletin(text, dt.date(2024, 5, 15)))
    days = [(i.date, i.date_end or i.date) for i in found if i.lon is not None]
    told = [f"{a}" if a == b else f"{a}..{b}" for a, b in days]
    assert list(dict.fromkeys(told)) == list(dict.fromkeys(wanted.split(";")))


def test_a_headline_takes_the_day_of_its_own_hazard():
    text = """Landslide buries homes in Papua

    A landslide buried a dozen houses in Kurima in Papua on Tuesday. A magnitude 5.6 earthquake
    shook Sarmi in Papua on Monday."""
    found = extract_bulletin(Bulletin(text, dt.date(2024, 5, 15)))
    told = [(i.subtype, i.date.day) for i in found]
    assert told == [("landslide", 14), ("landslide", 14), ("earthquake", 13)]
