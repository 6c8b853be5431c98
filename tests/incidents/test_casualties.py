"""What a sentence says of people: every fate, in the ways that bulletins put it."""

import pytest

from geomap.incidents.quantity import find_quantities, toll
from geomap.incidents.words import find_words

FATES = ("killed", "injured", "missing", "displaced", "arrested", "abducted")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "The missile struck a block of flats, killing an 80-year-old woman and wounding three.",
            {"killed": 1, "injured": 3},
        ),
        (
            "Shelling of the camp killed at least 14 people, the local committee said.",
            {"killed": 14},
        ),
        ("Rescuers pulled six bodies from the mud.", {"killed": 6}),
        ("Nineteen people were missing after the slide.", {"missing": 19}),
        ("Landslide buries homes; 19 missing", {"missing": 19}),
        ("Two dead in Goma market blast", {"killed": 2}),
        (
            "A car bomb left five people dead and dozens wounded.",
            {"killed": 5, "injured": (24, None)},
        ),
        ("Four members of one family were killed, among them two infants.", {"killed": 4}),
        ("The bus plunged into a ravine, killing all 27 on board.", {"killed": 27}),
        ("All 62 people aboard the plane died.", {"killed": 62}),
        ("The crash claimed 11 lives.", {"killed": 11}),
        (
            "The fire has so far claimed the lives of 31 people, most of them migrants.",
            {"killed": 31},
        ),
        ("Two police officers and a bystander were shot dead.", {"killed": 3}),
        ("The gunman killed nine worshippers before he was shot by police.", {"killed": 9}),
        ("Some 4,000 families fled their homes.", {"displaced": 4000}),
        ("More than 12,000 people have been displaced since Monday.", {"displaced": 12000}),
        ("The flooding forced 3,500 people from their homes.", {"displaced": 3500}),
        ("Police arrested 43 protesters.", {"arrested": 43}),
        ("Forty-three people were taken into custody.", {"arrested": 43}),
        ("Gunmen abducted 25 schoolgirls from a boarding school.", {"abducted": 25}),
        ("Twenty-five pupils were seized by gunmen.", {"abducted": 25}),
        ("The attack wounded at least seven, two of them critically.", {"injured": 7}),
        ("Fifteen others suffered burns.", {"injured": 15}),
        ("Seven people were hospitalised with smoke inhalation.", {"injured": 7}),
        ("Eleven people were treated for minor injuries.", {"injured": 11}),
        ("The strike left three children orphaned.", {}),
        ("An air strike killed Abu Hassan, a field commander.", {"killed": 1}),
        ("The blast killed a mother and her two sons.", {"killed": 3}),
        ("A Palestinian teenager was killed by Israeli fire.", {"killed": 1}),
        ("A 17-year-old boy was stabbed to death.", {"killed": 1}),
        ("A soldier was killed and four others were wounded.", {"killed": 1, "injured": 4}),
        ("One person died and another was injured.", {"killed": 1, "injured": 1}),
        ("The quake toppled 300 houses and killed 43.", {"killed": 43}),
        (
            "The death toll from Tuesday's quake climbed to 212, with 1,400 injured.",
            {"killed": 212, "injured": 1400},
        ),
        ("The number of dead rose from 14 to 21.", {"killed": 21}),
        ("Cholera has killed 74 people out of 2,310 cases.", {"killed": 74}),
        ("The ministry reported 12 new deaths.", {"killed": 12}),
        ("Hundreds were killed or wounded.", {}),
        (
            "Troops killed 14 insurgents and captured three others in a raid.",
            {"killed": 14, "arrested": 3},
        ),
        ("Seven insurgents were neutralised in the operation.", {"killed": 7}),
        ("The militants lost 30 men, the army claimed.", {"killed": 30}),
        ("At least 10 were feared dead.", {"killed": 10}),
        ("Three crew members remain unaccounted for.", {"missing": 3}),
        ("A fisherman drowned and two are missing.", {"killed": 1, "missing": 2}),
        ("There were no casualties.", {}),
        ("The attack killed no one.", {}),
        (
            "Six people, including a pregnant woman and two children, lost their lives.",
            {"killed": 6},
        ),
        ("The explosion killed five and injured 20 more.", {"killed": 5, "injured": 20}),
        ("Five people were killed and 20 hurt.", {"killed": 5, "injured": 20}),
        ("Some 30 people were killed and as many injured.", {"killed": 30, "injured": 30}),
        ("Medics said the bodies of nine people had been brought to the hospital.", {"killed": 9}),
        ("A suicide bomber killed himself and six soldiers.", {"killed": 7}),
        ("A suicide bomber blew himself up, killing eight.", {"killed": 8}),
        ("The stampede left 121 people dead, mostly women.", {"killed": 121}),
        ("Gunmen on motorbikes killed between 15 and 20 villagers.", {"killed": (15, 20)}),
        ("15 to 20 villagers died.", {"killed": (15, 20)}),
        ("The landslide killed a couple and their baby.", {"killed": 3}),
        ("Both pilots were killed.", {"killed": 2}),
        ("Three Ukrainian drones were shot down.", {}),
        ("Russian forces lost 1,200 soldiers, Kyiv said.", {"killed": 1200}),
        ("Armed men killed the mayor of the town.", {"killed": 1}),
        ("A journalist, his wife and his brother were killed.", {"killed": 3}),
        ("Eight inmates died and 30 escaped.", {"killed": 8}),
        ("13 people died of heatstroke.", {"killed": 13}),
        (
            "Hospital sources put the toll at 33 killed and 90 wounded.",
            {"killed": 33, "injured": 90},
        ),
        ("The army reported that two of its soldiers had been killed.", {"killed": 2}),
        ("Two of the wounded later died.", {"killed": 2}),
        ("Hail the size of eggs injured 17 people.", {"injured": 17}),
        ("4 killed, 12 injured as bus overturns", {"killed": 4, "injured": 12}),
        ("KILLED: 4; INJURED: 12", {"killed": 4, "injured": 12}),
        ("Casualties: 4 killed, 12 injured", {"killed": 4, "injured": 12}),
        ("Avalanche kills 2 skiers", {"killed": 2}),
        ("Dozens feared dead as boat capsizes off Lampedusa", {"killed": (24, None)}),
        ("About 60 migrants are missing after a dinghy sank.", {"missing": 60}),
        ("Eighty passengers were rescued.", {}),
        ("Around 2,000 residents were evacuated as a precaution.", {"displaced": 2000}),
        ("At least one person was killed in Sumy.", {"killed": 1}),
        ("One civilian killed, one injured.", {"killed": 1, "injured": 1}),
        ("Two people have been confirmed dead.", {"killed": 2}),
        ("The body of a missing hiker was recovered.", {"killed": 1}),
        ("Three bodies were found in the rubble.", {"killed": 3}),
        ("An Israeli soldier was seriously injured.", {"injured": 1}),
        ("It wounded a nurse and a driver.", {"injured": 2}),
        ("The raid resulted in the death of two civilians.", {"killed": 2}),
        ("The raid resulted in two deaths.", {"killed": 2}),
        ("The shooting, in which three people died, happened at noon.", {"killed": 3}),
        ("More than half a million people were displaced.", {"displaced": 500000}),
        ("Over 1.2 million people fled.", {"displaced": 1200000}),
        ("Eighteen of the passengers perished.", {"killed": 18}),
        ("A family of five was killed.", {"killed": 5}),
        ("A family of seven died when the roof collapsed.", {"killed": 7}),
        ("Twin blasts killed scores.", {"killed": (40, None)}),
        (
            "Police said 11 miners had suffocated underground after the ventilation failed.",
            {"killed": 11},
        ),
        ("Helicopters evacuated 340 villagers from rooftops.", {"displaced": 340}),
        ("A three-year-old girl and her grandmother were among the dead.", {}),
        (
            "Hospital director Amina Sule said they had received 16 corpses and 40 wounded.",
            {"killed": 16, "injured": 40},
        ),
        ("The regional governor put the number of fatalities at 57.", {"killed": 57}),
        ("Nobody was hurt.", {}),
        ("Fourteen construction workers are trapped and feared dead.", {"killed": 14}),
        ("Officials confirmed 8 fatalities and 23 injuries.", {"killed": 8, "injured": 23}),
        ("Attackers hacked to death at least 18 farmers.", {"killed": 18}),
        ("The couple's 6-year-old son was also killed.", {"killed": 1}),
        ("The assault claimed the lives of a major and 11 soldiers.", {"killed": 12}),
        ("Rebels released 70 captives.", {}),
        ("Of the 45 injured, six are in critical condition.", {"injured": 45}),
        ("He shot dead three colleagues before turning the gun on himself.", {"killed": 3}),
        ("Militants executed nine captives by firing squad.", {"killed": 9}),
        ("The driver, a 54-year-old man, died at the scene.", {"killed": 1}),
        ("Thirty houses burned and 200 people were left homeless.", {"displaced": 200}),
        ("Some 900 people took shelter in schools.", {"displaced": 900}),
        ("More than 40 people have been detained in connection with the riots.", {"arrested": 40}),
        ("Security forces rounded up 120 suspects.", {"arrested": 120}),
        ("The collapse buried 17 workers.", {}),
        (
            "Five bodies had been retrieved and 12 people were still missing.",
            {"killed": 5, "missing": 12},
        ),
        ("The epidemic has infected 4,200 people and killed 61.", {"killed": 61}),
        ("Israel said it had struck 30 targets.", {}),
        (
            "Officials reported 3 dead, 14 wounded and 2 missing.",
            {"killed": 3, "injured": 14, "missing": 2},
        ),
        (
            "A roadside bomb killed four police personnel and injured as many.",
            {"killed": 4, "injured": 4},
        ),
        ("Hundreds of residents have fled to neighbouring villages.", {"displaced": (200, None)}),
        ("Nearly 300 people have died since the outbreak began.", {"killed": 300}),
        ("The airline said all 181 passengers and crew had died.", {"killed": 181}),
        ("Up to 20 people may have drowned.", {"killed": (None, 20)}),
        ("Twenty-one people drowned when a ferry capsized on Lake Kivu.", {"killed": 21}),
        (
            "Three people including a child were killed and eight others wounded by a missile.",
            {"killed": 3, "injured": 8},
        ),
        (
            "The ministry says 52 were killed in the past 24 hours, bringing the toll to 43,100.",
            {"killed": 52},
        ),
        ("Snipers killed a nurse as she crossed the street.", {"killed": 1}),
        ("A woman was killed by falling masonry.", {"killed": 1}),
        ("Gunmen kidnapped the village chief and his two brothers.", {"abducted": 3}),
        ("Russian shelling wounded a 70-year-old man in Nikopol.", {"injured": 1}),
        (
            "The strike killed one person and wounded six, including two teenagers.",
            {"killed": 1, "injured": 6},
        ),
        ("5 soldiers martyred in IED blast", {"killed": 5}),
        ("Maryam Sabri was killed in the blast.", {"killed": 1}),
        ("Yemeni journalist Maryam al-Sabri shot dead in Aden", {"killed": 1}),
        ("Maryam Sabri, a video journalist, died on Tuesday.", {"killed": 1}),
        ("Carlos de la Vega was later wounded.", {"injured": 1}),
        ("The toll rose from five people to six.", {"killed": 6}),
        ("Hurricane Ian died out.", {}),
        ("Port Sudan was shelled.", {}),
    ],
)
def test_people_are_counted_by_what_befell_them(text, wanted):
    quantities = find_quantities(find_words(text), text)
    found = {}
    for fate in FATES:
        value, low, high = toll(quantities, fate)
        if value is not None:
            found[fate] = value
        elif (low, high) != (None, None):
            found[fate] = (low, high)
    assert found == wanted


def test_a_cumulative_toll_is_kept_apart():
    text = "The strike killed three, taking the death toll to 46."
    found = find_quantities(find_words(text), text)
    assert [(q.what, q.number.value) for q in found] == [("killed", 3), ("toll", 46)]
