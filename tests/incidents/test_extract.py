import datetime as dt
import json
from pathlib import Path

import pytest

from geomap.incidents.bulletin import read_bulletin
from geomap.incidents.extract import examine, extract, extract_bulletin
from geomap.model import Bulletin
from geomap.places.measure import distance_km

ISSUED = dt.date(2026, 5, 14)
BULLETINS = Path(__file__).parents[1] / "bulletins"
WORDS = ("statement", "diplomacy")


def incidents(text, issued=ISSUED):
    return extract_bulletin(Bulletin(text, issued))


def kinetic(text):
    return [i for i in incidents(text) if i.incident_type not in WORDS]


def places(text):
    return [(i.subtype, i.place) for i in kinetic(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Shells hit Kherson, Nikopol and Beryslav.",
            [("shelling", "Kherson"), ("shelling", "Nikopol"), ("shelling", "Beryslav")],
        ),
        ("Soldiers shot a man in Nablus in the West Bank.", [("attack", "Nablus")]),
        ("Gunmen attacked a market in Kaduna, Nigeria.", [("attack", "Kaduna")]),
        ("Hezbollah fired rockets from Tyre at Safed.", [("rocket_missile", "Safed")]),
        ("The destroyer shot down a drone over the Red Sea.", [("intercept", "Red Sea")]),
        ("Rebels shelled Goma while talks went on in Luanda.", [("shelling", "Goma")]),
        ("An air strike in Rafah killed two people.", [("airstrike", "Rafah")]),
        ("Men from Aleppo were killed in a crash near Homs.", [("crash", "Homs")]),
        ("People fled from Zamzam to Tawila.", [("displacement", "Tawila")]),
        ("The army withdrew from Kidal.", [("withdrawal", "Kidal")]),
        ("Fighting broke out in the Libyan capital, Tripoli.", [("armed_clash", "Tripoli")]),
        ("The quake was felt as far away as Tabriz.", [("earthquake", "Tabriz")]),
        ("A plane skidded off the runway at Juba without casualties.", [("crash", "Juba")]),
        ("A jet crashed after take-off from Juba.", [("crash", "Juba")]),
        ("Hamas said Israel bombed a clinic in Rafah.", [("airstrike", "Rafah")]),
        ("The port of Odesa came under drone attack.", [("drone_strike", "Odesa")]),
        ("A general died in Damascus when jets struck a house.", [("airstrike", "Damascus")]),
        (
            "Mortars fell on Khan Yunis and drones hit Haifa.",
            [("shelling", "Khan Yunis"), ("drone_strike", "Haifa")],
        ),
    ],
)
def test_the_place_is_where_the_effect_was(text, wanted):
    assert places(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The group threatened to attack troops in Baghdad.",
        "The army plans an operation in Rafah.",
        "Militias could resume attacks in Iraq if troops stay.",
        "The envoy condemned the attack on Goma.",
        "No clashes were reported in Gao.",
        "The militia has paused attacks in Syria since February.",
        "The president will meet the chancellor in Washington on 20 May.",
        "Negotiations between Washington and Baghdad started.",
        "The army denied that it shelled Goma.",
        "The claim to have struck a ship in the Red Sea is false.",
        "Tehran said that its drones are for defence.",
        "They reached a deal in Istanbul.",
        "He told reporters in Doha that the war goes on.",
        "Oil prices rose in London after the strikes.",
        "Paris summoned the ambassador in Berlin over the attack.",
        "The storm could strengthen near Beira.",
        "The bank said in Goma that it treated 400 wounded people.",
    ],
)
def test_what_did_not_happen_is_never_kinetic(text):
    assert kinetic(text) == []


@pytest.mark.parametrize(
    ("text", "incident_type", "subtype", "modality"),
    [
        ("The group threatened to attack troops in Iraq.", "statement", "threat", "threatened"),
        ("The army denied that it shelled Goma.", "statement", "claim", "denied"),
        ("The envoy condemned the attack on Goma.", "statement", "announcement", "asserted"),
        ("The president will meet the king in Amman.", "diplomacy", "meeting", "planned"),
        ("Negotiations resumed in Jeddah.", "diplomacy", "negotiation", "asserted"),
        ("An accord was signed in Algiers.", "diplomacy", "agreement", "asserted"),
    ],
)
def test_words_have_layers_of_their_own(text, incident_type, subtype, modality):
    found = [(i.incident_type, i.subtype, i.modality) for i in incidents(text)]
    assert (incident_type, subtype, modality) in found


def test_a_claim_stays_an_incident_with_its_source():
    (found,) = kinetic("The militia claimed that it attacked Marib.")
    assert found.modality == "claimed"
    assert found.attribution == "The militia"


def test_what_one_party_says_and_another_denies_is_claimed():
    (found,) = kinetic("Kyiv said Russia shelled Kherson, which Moscow denied.")
    assert (found.place, found.modality, found.attribution) == ("Kherson", "claimed", "Kyiv")


def test_origin_and_target_are_kept_apart():
    (found,) = kinetic("Hezbollah has conducted four attacks from southern Lebanon into Metula.")
    assert found.place == "Metula"
    assert found.origin_place == "southern Lebanon"
    assert found.origin_lat < 34
    assert (found.incident_type, found.subtype) == ("explosion", "rocket_missile")
    assert [q["value"] for q in found.quantities] == [4]
    assert found.fatalities is None


def test_offsets_point_into_the_stored_text():
    text = "Note\n\n• Shells hit Kherson.[12] Two people died in Nikopol.\n"
    for incident in incidents(text):
        assert text[incident.sentence_start : incident.sentence_end] == incident.sentence
        assert text[incident.place_start : incident.place_end] == incident.place
        assert text[incident.trigger_start : incident.trigger_end] == incident.trigger


@pytest.mark.parametrize(
    ("text", "date", "basis", "temporal"),
    [
        ("Shells hit Kherson.", "2026-05-14", "document", "current"),
        ("Shells hit Kherson on 12 May.", "2026-05-12", "explicit", "current"),
        ("On Monday shells hit Kherson.", "2026-05-11", "relative", "current"),
        ("In 2022 shells hit Kherson.", "2022-01-01", "explicit", "background"),
        (
            "Note\n\nX.\n\nY.\n\n10 May 2026\n\nShells hit Kherson.",
            "2026-05-10",
            "heading",
            "current",
        ),
    ],
)
def test_dates(text, date, basis, temporal):
    found = kinetic(text)[-1]
    assert (str(found.date), found.date_basis, found.temporal) == (date, basis, temporal)


def test_past_perfect_is_background_and_has_no_day_of_its_own():
    (found,) = kinetic("Rebels had shelled Goma before.")
    assert found.temporal == "background"
    assert found.date is None


def test_an_unknown_place_is_kept_without_a_point_and_told_of():
    result = examine(Bulletin("Shells hit the village of Qwarbelyah.", ISSUED))
    assert [(i.place, i.lon, i.place_id) for i in result.incidents] in (
        [],
        [("Qwarbelyah", None, None)],
    )
    assert result.unmapped


def test_an_unknown_place_is_drawn_in_the_known_one_that_holds_it():
    (found,) = kinetic("Gunmen killed two farmers in Qwarbelyah, Kaduna State.")
    assert found.place == "Qwarbelyah"
    assert found.country == "NG"
    assert found.geo_precision >= 2
    assert found.uncertainty_km > 20


def test_a_label_gives_the_place_only_where_the_sentence_has_none():
    text = "Note\n\nIdlib: Airstrikes continued. Shells hit Jisr al-Shughur."
    assert [i.place for i in kinetic(text)] == ["Idlib", "Jisr al-Shughur"]


def test_title_and_body_are_one_event():
    text = "Bomb kills nine in Kabul\n\nA bomb exploded in Kabul on Tuesday, killing nine people."
    title, body = kinetic(text)
    assert title.event_id == body.event_id
    assert title.date == body.date == dt.date(2026, 5, 12)
    assert title.id != body.id


def test_two_days_are_two_events():
    one, two = kinetic("Shells hit Kherson on 10 May. Shells hit Kherson on 13 May.")
    assert one.event_id != two.event_id


def test_tolls_are_shared_out():
    found = kinetic("Four people were killed in Kherson and two in Nikopol.")
    assert [(i.place, i.fatalities) for i in found] == [("Kherson", 4), ("Nikopol", 2)]


def test_the_same_text_gives_the_same_ids():
    text = "Shells hit Kherson. Gunmen abducted a trader in Zaria."
    assert incidents(text) == incidents(text)
    assert len({i.id for i in incidents(text)}) == 2


def test_every_incident_says_why():
    for incident in incidents("Rebels shelled Goma and threatened Bukavu."):
        assert incident.reasons
        assert 0 < incident.confidence < 1


@pytest.mark.parametrize(
    "text", ["", "\n\n", "•", "a" * 5000, "Goma " * 500, "\x00 Shells", "(((—", '"' * 50]
)
def test_odd_texts_are_read_without_harm(text):
    assert incidents(text) == [] or text.startswith(("\x00", "Goma"))


def test_extract_gives_a_frame():
    frame = extract(Bulletin("Shells hit Kherson.", ISSUED))
    assert list(frame["place"]) == ["Kherson"]
    assert frame.crs.to_epsg() == 4326


def marked(name):
    features = json.loads((BULLETINS / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return [{**f["properties"], "point": f["geometry"]["coordinates"]} for f in features]


def test_the_example_bulletins_are_read_as_an_analyst_would():
    hits = wrong = missed = types = 0
    for path in sorted(BULLETINS.glob("*.txt")):
        wanted = [m for m in marked(path.stem) if m["incident_type"] not in WORDS]
        for found in extract_bulletin(read_bulletin(path)):
            if found.incident_type in WORDS or found.lon is None:
                continue
            match = next(
                (
                    m
                    for m in wanted
                    if m["sentence"] in found.sentence
                    and distance_km(found.lon, found.lat, *m["point"]) <= m.get("tolerance_km", 15)
                ),
                None,
            )
            if match is None:
                wrong += 1
            else:
                wanted.remove(match)
                hits += 1
                types += match["incident_type"] == found.incident_type
        missed += len(wanted)
    assert hits / (hits + wrong) > 0.85
    assert hits / (hits + missed) > 0.75
    assert types / hits > 0.92


def test_a_summary_tells_the_events_of_the_body_again():
    text = (
        "Daily note, 5 March 2026\n\nKey Takeaways:\n\n"
        "• Gaza Strip: An airstrike on a school in Jabalia killed at least fourteen people.\n"
        "• A drone struck a car in Tyre.\n\nGaza Strip\n\n"
        "At least fourteen people were killed on March 4 when an airstrike hit a school in "
        "Jabalia. A second airstrike in Nuseirat killed three people on March 5.\n"
    )
    incidents = extract_bulletin(Bulletin(text, dt.date(2026, 3, 5)))
    events = {}
    for incident in incidents:
        events.setdefault(incident.event_id, []).append(incident.place)
    assert sorted(events.values()) == [["Jabalia", "Jabalia"], ["Nuseirat"], ["Tyre"]]


def test_what_is_reported_in_a_place_is_there():
    assert [i.place for i in incidents("Clashes were reported in Omdurman.")] == ["Omdurman"]
    told = incidents("The minister told reporters in Doha that clashes had erupted.")
    assert {i.incident_type for i in told} <= {"statement"}
