import datetime as dt
import json

import folium
import pytest

from geomap.content import content
from geomap.draw import IncidentLayer, build_map, write_map
from geomap.draw.definition import read_definition
from geomap.draw.page import Page
from geomap.draw.webmap import _columns
from geomap.errors import ContentError, InputError
from geomap.model import Incident
from geomap.record import to_frame

DAY = dt.date(2024, 4, 12)
HOSTILE = (
    "<img src=x onerror=alert(1)>${alert(1)}`</script><script>alert(1)</script>{{ 7*7 }}\\x\x00"
)


def incident(n=0, **fields):
    usual = {
        "date": DAY,
        "date_end": DAY,
        "date_precision": "day",
        "incident_type": "battle",
        "place": "Tubas",
        "country": "PS",
        "sentence": f"Sentence {n}.",
        "lon": 35.37,
        "lat": 32.32,
        "geo_precision": 1,
    }
    return Incident(id=f"id{n}", **(usual | fields))


def test_a_map_is_a_folium_map_that_holds_an_incident_layer():
    made = build_map([incident()], title="Levant")
    assert isinstance(made, folium.Map)
    assert isinstance(made.get_root(), Page)
    assert [c for c in made._children.values() if isinstance(c, IncidentLayer)]
    assert made.get_bounds() == [[32.32, 35.37], [32.32, 35.37]]


def test_a_frame_and_a_list_give_the_same_page():
    rows = [incident(n, area=(((35, 32), (36, 32), (36, 33), (35, 32)),)) for n in range(3)]
    as_list, as_frame = (build_map(r).get_root().render() for r in (rows, to_frame(rows)))
    assert as_list == as_frame


def test_save_and_write_map_give_the_same_file(tmp_path):
    made = build_map([incident()])
    made.save(tmp_path / "saved.html")
    write_map(made, tmp_path / "written.html")
    assert (tmp_path / "saved.html").read_bytes() == (tmp_path / "written.html").read_bytes()


def test_the_same_incidents_give_the_same_bytes_in_any_order():
    rows = [incident(n, place=f"P{n}") for n in range(5)]
    assert build_map(rows).get_root().render() == build_map(rows[::-1]).get_root().render()


def test_a_map_of_nothing_is_a_page():
    assert "Content-Security-Policy" in build_map([]).get_root().render()


def test_a_layer_stands_in_any_folium_map():
    plain = folium.Map(tiles=None)
    IncidentLayer([incident()], name="Ours").add_to(plain)
    folium.LayerControl().add_to(plain)
    html = plain.get_root().render()
    assert "geomap.incidents(" in html and '"Ours"' in html


def test_a_second_layer_and_other_elements_join_the_page():
    made = build_map([incident()])
    IncidentLayer([incident(1)], name="Second").add_to(made)
    folium.GeoJson({"type": "Point", "coordinates": [35, 32]}).add_to(made)
    folium.LayerControl().add_to(made)
    assert made.get_root().render().count('octet-stream" id="incident_layer_') == 2


def test_hostile_text_is_nowhere_in_the_page_as_markup():
    fields = ("place", "sentence", "doc_title", "section", "subtype", "source", "event_id")
    rows = [incident(k, **{name: HOSTILE}) for k, name in enumerate(fields)]
    html = (
        build_map([*rows, incident(99, incident_type=HOSTILE)], title=HOSTILE).get_root().render()
    )
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "\x00" not in html


def test_an_older_page_stays_whole_when_the_new_one_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_map(build_map([incident()]), tmp_path / "no folder" / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_a_map_of_somebody_else_is_refused(tmp_path):
    with pytest.raises(InputError, match="not geomap's"):
        write_map(folium.Map(tiles=None), tmp_path / "map.html")


def test_the_period_is_that_of_the_news():
    rows = [
        incident(0),
        incident(1, date=dt.date(1973, 10, 6), temporal="background"),
        incident(2, date=dt.date(2025, 1, 1), modality="planned"),
        incident(3, date=dt.date(2024, 1, 1), date_end=dt.date(2024, 1, 31)),
        incident(4, date=dt.date(2024, 5, 1), incident_type="diplomacy"),
        incident(5, date=dt.date(2024, 5, 2), doc_date=dt.date(2024, 4, 13)),
    ]
    head = _columns(rows, read_definition("incidents")).head
    assert head["day0"] == "1973-10-06"
    assert head["period"] == [(DAY - dt.date(1973, 10, 6)).days] * 2


def test_an_unknown_type_is_listed_as_other():
    definition = read_definition("incidents")
    head = _columns([incident(incident_type="picnic")], definition).head
    assert [t["id"] for t in head["types"]][-1] == "other"
    head = _columns([incident()], definition).head
    assert [t["id"] for t in head["types"]][-1] != "other"


def test_statements_and_talks_are_off_at_first():
    off = [kind.id for kind in read_definition("incidents").types if not kind.shown]
    assert off == ["statement", "diplomacy"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('titel = "x"', ":1: titel: not a key"),
        ("title = 3", ":1: title: 3 is not a text"),
        ('\nperiod = "hour"', ":2: period: 'hour' is none of all, last-day"),
        ('title = "x"\n\ntypes = ["war"]', ":3: types: 'war' is none of explosion"),
        ('language = "tlh"', ":1: language: 'tlh' is none of ar"),
        ("off = 3", ":1: off: 3 is not a list"),
        ('panels = ["clock"]', ":1: panels: 'clock' is none of filters"),
        ("extent = [34, 33, 35]", ":1: extent: [34, 33, 35] is not [west"),
        ("extent = [34, 33, 35, 31]", ":1: extent: [34, 33, 35, 31] is not west < east and south"),
        ('tiles = "Nobody.Knows"', ":1: tiles: 'Nobody.Knows' is no provider"),
        ('tiles = "nowhere.pmtiles"', "nowhere.pmtiles cannot be read: No such file"),
        ('tiles = "Thunderforest.Transport"', ":1: tiles: Thunderforest.Transport needs a key"),
        ('title = "x"\n[colours]\nbattle = "red"', ":3: colours: battle = 'red' is not a pair"),
        ('[colours]\nwar = ["#000000", "#ffffff"]', ":2: colours: 'war' is none of explosion"),
        ('[labels]\nunrest = "Riots"\n\nbattle = 1', ":4: labels: battle = 1 is not a text"),
        ('# off = 1\n"off" = 3', ":2: off: 3 is not a list"),
        ("title = ", "cannot be read"),
    ],
)
def test_a_definition_says_which_line_is_wrong(tmp_path, text, what):
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(ContentError) as error:
        read_definition(str(path))
    assert what in str(error.value)


def test_the_definition_that_the_readme_shows_makes_a_map(tmp_path):
    readme = content("maps/README.md").read_text(encoding="utf-8")
    path = tmp_path / "soudan.toml"
    path.write_text(readme.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    defined = read_definition(str(path))
    assert next(kind.label for kind in defined.types) == "Affrontements"
    assert (
        "<title>Soudan, la semaine</title>"
        in build_map([], definition=str(path)).get_root().render()
    )


def test_a_map_that_is_not_known_is_answered_with_those_that_are():
    with pytest.raises(ContentError, match="'nosuch' is no map of geomap's; those are daily, inc"):
        read_definition("nosuch")


def test_a_definition_of_one_s_own_makes_a_map(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('title = "Only fights"\ntypes = ["battle"]\nperiod = "last-day"\n')
    made = build_map([incident(), incident(1, incident_type="unrest")], definition=str(path))
    assert "<title>Only fights</title>" in made.get_root().render()


def test_a_definition_names_and_colours_types(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[labels]\nbattle = "Fights"\n[colours]\nbattle = ["#112233", "#aabbcc"]\n')
    battle = next(kind for kind in read_definition(str(path)).types if kind.id == "battle")
    assert (battle.label, battle.light, battle.dark) == ("Fights", "#112233", "#aabbcc")


def test_tiles_come_only_when_asked_for_and_their_host_is_named(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('tiles = "OpenStreetMap.Mapnik"\n')
    html = build_map([incident()], definition=str(path)).get_root().render()
    assert "img-src data: blob: https://tile.openstreetmap.org;" in html
    assert "This map loads pictures from tile.openstreetmap.org." in html
    assert "img-src data: blob:; " in build_map([incident()]).get_root().render()


def test_a_tile_file_must_be_one_and_not_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("geomap.draw.tiles.LARGEST_FILE", 2_000_000)
    for data, what in [
        (b"PNG", "is no PMTiles file of version 3"),
        (b"PMTiles\x03" + bytes(3_000_000), "has 3 MB, more than 2"),
    ]:
        (tmp_path / "my.pmtiles").write_bytes(data)
        (tmp_path / "map.toml").write_text('tiles = "my.pmtiles"\n')
        with pytest.raises(ContentError, match=what):
            read_definition(str(tmp_path / "map.toml"))


def test_every_catalogue_has_the_words_of_the_english_one():
    english = read_definition("incidents").words
    from geomap.content import content

    for path in content("maps/page/lang").glob("*.json"):
        words = json.loads(path.read_text(encoding="utf-8"))
        missing = {key for key in english if key not in words}
        assert not missing, f"{path.name} lacks {missing}"
