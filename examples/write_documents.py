# ruff: noqa: E501
"""Write the examples that are no plain text: a Word file (python-docx) and a PDF (fpdf2).

Run from the checkout: ``python examples/write_documents.py``.
"""

from datetime import UTC, datetime
from pathlib import Path

import docx
from fpdf import FPDF

FOLDER = Path(__file__).parent
MADE = datetime(2026, 3, 6, tzinfo=UTC)
INVENTED = (
    "Example bulletin, invented: no event, person or statement in it is real; the places are."
)

SUDAN = """# Sudan situation report no. 9, 6 March 2026
{invented}
## Key developments
* RSF drones struck the power station at Merowe on 5 March; large parts of Northern State are dark.
* SAF troops recaptured Al Jaili, north of Khartoum Bahri.
* Some 6,300 people fled from Um Ruwaba to El Obeid.
## Darfur
The RSF shelled El Fasher from the east on Thursday. Nine people were killed in the Abu Shouk camp, a volunteer group said. In Nyala, gunmen looted a warehouse of a relief agency on 4 March.
The joint forces claimed that they had repelled an attack at Tine, on the border with Chad.
## Khartoum and Al Jazirah
SAF aircraft bombed positions south of Jebel Aulia overnight. Clashes were reported in Omdurman and in the Al Kalakla district of Khartoum.
Cholera: 212 new cases and four deaths were recorded in Wad Madani between 28 February and 5 March.
## Kordofan
A mine on the road between Dilling and Kadugli killed three traders on Tuesday.
## Incidents against aid
| Place | Date | What happened |
| Kosti | 3 March | Two aid workers were detained at a checkpoint and released |
| Kassala | 4 March | A truck with medicine was stopped and sent back |
| Zalingei | 5 March | A clinic was looted; one guard was injured |
## Outlook
Talks between the two sides, planned for 12 March in Jeddah, were called off. The RSF warned that it would attack Port Sudan.
The war began in Khartoum on 15 April 2023.
"""

SINDH = """# Sindh floods: situation update no. 5
{invented}
Date: 6 August 2026
## Overview
After five days of heavy rain, floods have killed at least 34 people in Sindh province since 1 August: 12 in Dadu, 9 in Jamshoro, 8 in Larkana and 5 in Badin. Some 210,000 people have left their homes, and 1,400 houses are damaged or destroyed.
## Situation by district
Dadu: The embankment of Manchar Lake broke near Bubak on 4 August. The water flooded 60 villages between Bubak and Sehwan and cut the Indus Highway.
Larkana: A school collapsed in Ratodero on Wednesday, killing three children. The dam at Sukkur is not in danger.
Badin: About 7,000 people were evacuated from villages along the Phuleli Canal.
Karachi: Streets in Malir and Korangi were flooded on Tuesday; a man was electrocuted in Landhi.
Quetta, Balochistan: A landslide closed the road to Sibi through the Bolan Pass on 5 August.
## Response
The army carried 1,900 people by boat from Khairpur Nathan Shah to Dadu. Two relief flights landed in Sukkur on 5 August.
## Outlook
More rain is expected in lower Sindh until 9 August. The river Indus will reach its peak at Kotri on 8 August.
In 2010 and 2022 floods had covered much of the same districts.
"""


def write_word(text: str, path: Path) -> None:
    """Write headings (#), bullets (*), table rows (|) and paragraphs as a Word file."""
    word = docx.Document()
    rows: list[list[str]] = []
    for line in text.format(invented=INVENTED).splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            _add_table(word, rows)
            rows = []
        if line.startswith("#"):
            word.add_heading(line.lstrip("# "), level=line.count("#") - 1)
        elif line.startswith("* "):
            word.add_paragraph(line[2:], style="List Bullet")
        else:
            word.add_paragraph(line)
    word.core_properties.title = text.splitlines()[0].lstrip("# ")
    word.core_properties.author = "geomap"
    word.core_properties.created = word.core_properties.modified = MADE.replace(tzinfo=None)
    word.save(str(path))


def _add_table(word: "docx.document.Document", rows: list[list[str]]) -> None:
    table = word.add_table(len(rows), len(rows[0]))
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, content in zip(cells.cells, texts, strict=True):
            cell.text = content


def write_pdf(text: str, path: Path) -> None:
    """Write headings (#) and paragraphs as a PDF."""
    pdf = FPDF()
    pdf.set_creation_date(MADE)
    pdf.set_title(text.splitlines()[0].lstrip("# "))
    pdf.add_page()
    for line in text.format(invented=INVENTED).splitlines():
        heading = line.startswith("#")
        pdf.set_font("Helvetica", "B" if heading else "", 13 if heading else 11)
        pdf.multi_cell(0, 6, line.lstrip("# "), new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(2)
    pdf.output(str(path))


if __name__ == "__main__":
    write_word(SUDAN, FOLDER / "sudan_2026-03-06.docx")
    write_pdf(SINDH, FOLDER / "sindh_floods_2026-08-06.pdf")
