import pytest

from geomap.incidents.sentence import split_sentences
from geomap.incidents.structure import find_sentences


def sentences(text):
    return [text[a:b] for a, b in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Amir Saleh toured the front.",
        "The U.S. Navy fired first.",
        "Maj. Gen. R. K. Singh spoke at 3 p.m. Sanaa time.",
        "At 2:15 p.m. (Sanaa time), a missile fell near Aden.",
        "At 5 a.m. on Tuesday a shell fell on Taiz.",
        "School No. 19 was hit.",
        "St. Peter's church burned in Uvira.",
        "J. Doe of the U.N. mission was hurt.",
        "Dr. Amal left, he said... and returned.",
    ],
)
def test_a_dot_that_ends_no_sentence(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Shells hit Goma. Two died.", 2),
        ("Troops left the U.S. The convoy moved on.", 2),
        ('He said "we will stay." The army left.', 2),
        ("It ended at 4 p.m. The town was calm.", 2),
        ("Two died.[12] Three were hurt.", 2),
        ("Is it over? Nobody knows!", 2),
    ],
)
def test_sentences_are_counted(text, count):
    assert len(sentences(text)) == count


def test_sentences_keep_their_offsets():
    text = "  Shells hit Goma.  Two died.  "
    spans = split_sentences(text, 0, len(text))
    assert [text[a:b] for a, b in spans] == ["Shells hit Goma.", "Two died."]


def kinds(text):
    return [(s.kind, text[s.start : s.end]) for s in find_sentences(text)]


def test_title_dateline_heading_bullet_and_body_are_told_apart():
    text = (
        "Weekly security note\n\nMonday, 4 May 2026\n\nNorth\n\nShells hit Goma. Two died.\n\n"
        "Key Takeaways:\n\n• Rebels left Sake.\n"
    )
    assert kinds(text) == [
        ("title", "Weekly security note"),
        ("dateline", "Monday, 4 May 2026"),
        ("heading", "North"),
        ("body", "Shells hit Goma."),
        ("body", "Two died."),
        ("heading", "Key Takeaways:"),
        ("bullet", "Rebels left Sake."),
    ]


def test_a_sentence_knows_its_section_and_its_heading():
    text = "Note\n\nKey Takeaways:\n\n• Rebels left Sake.\n"
    last = find_sentences(text)[-1]
    assert last.section == "Key Takeaways"
    assert text[last.heading.start : last.heading.end] == "Key Takeaways:"


def test_a_day_heading_holds_until_the_next_one():
    text = "Log\n\nAleppo\n\nA.\n\n3 May 2026\n\nShells fell.\n\n4 May 2026\n\nA bridge fell.\n"
    days = [s.day and text[s.day.start : s.day.end] for s in find_sentences(text)]
    assert days[-3:] == ["3 May 2026", "4 May 2026", "4 May 2026"]


@pytest.mark.parametrize(
    ("paragraph", "label"),
    [
        ("West Bank: Soldiers shot a man in Burin.", "West Bank"),
        ("Southern Lebanon and Golan Heights: Rockets fell.", "Southern Lebanon and Golan Heights"),
        ("Mali. Gunmen attacked a village.", "Mali"),
        ("Burkina Faso. Gunmen attacked a village.", "Burkina Faso"),
        ("Kherson – Shells hit a school.", "Kherson"),
        ("The army said: we will stay.", None),
        ("The army — whose chief resigned — entered Gori.", None),
        ("Gunmen attacked a village.", None),
    ],
)
def test_a_label_is_a_name_at_the_head_of_a_paragraph(paragraph, label):
    text = f"Title line\n\n{paragraph}"
    found = find_sentences(text)[-1].label
    assert (found and text[found.start : found.end]) == label


def test_a_label_holds_for_its_whole_paragraph_and_no_further():
    text = "T\n\nMali. Gunmen left. Two died.\n\nA flood came."
    labels = [s.label is not None for s in find_sentences(text)]
    assert labels == [False, True, True, False]


def test_wrapped_lines_are_one_paragraph():
    text = (
        "Title\n\nShells hit the market of the old town of Goma on Monday morning and\nkilled two."
    )
    assert kinds(text)[-1] == ("body", text[7:])


def test_an_empty_text_has_no_sentences():
    assert find_sentences("") == []
    assert find_sentences(" \n\n ") == []


def test_a_dateline_is_no_part_of_a_long_title():
    title = "At least twenty-two killed as a coach falls into a ravine in southern Peru"
    for line in ("Thursday 21 May 2026", "LIMA, 16 March 2026 -"):
        text = f"{title}\n{line}\nA coach fell into a ravine."
        first = find_sentences(text)[0]
        assert (first.kind, text[first.start : first.end]) == ("title", title)
