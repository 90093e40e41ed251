"""The published plans come out again from the data put in: cell by cell, in the workbook, on paper and in the list."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date

import fastexcel
import pypdf
import pytest

from collection import plans, words
from collection.plans import form, keeping, model, printing, reading, standing
from collection.plans.model import Indicator
from collection.roles import Person
from collection.words import Problem
from tests.plans import seeds

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
TODAY = date(2026, 4, 1)


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Name → rows of texts of every sheet of a workbook."""
    book = fastexcel.read_excel(content)
    loaded = {name: book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names}
    return {name: [[cell or "" for cell in row] for row in sheet.iter_rows()] for name, sheet in loaded.items()}


def number(text: str) -> str:
    """A figure of a seed as a workbook holds it: 1,300,000 → 1300000, 80% → 80; anything else as it is."""
    return re.sub(r"[,%]", "", text) if re.fullmatch(r"[\d,]+%?", text) else text


def of_toml(value) -> str:
    """A text, number or table as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {of_toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def table(name: str, values: dict) -> list[str]:
    return [name, *(f"{key} = {of_toml(value)}" for key, value in values.items() if value not in ("", {}))]


def minato(with_results: bool) -> bytes:
    """Seed 001 as a plan file, with what was reached and said, or without."""
    lines = ['name = "進捗管理票"', 'library = "港区立図書館"', 'kind = "progress"']
    for name, columns in (("前期3年間", list(seeds.YEARS[:3])), ("後期3年間", [seeds.YEARS[3]])):
        lines += ["[[periods]]", f'name = "{name}"', f"columns = {json.dumps(columns)}"]
    for block in seeds.blocks():
        no, page, priority, new, name, section = block.head.values()
        lines += table("[[projects]]", {"no": no, "page": page, "priority": priority == "○", "new": new == "○", "name": name,
                                        "section": section, "content": block.content})  # fmt: skip
        if with_results:
            lines += table("[projects.remarks.2022]", block.said)
        for targets, actuals in zip(block.rows[::2], block.rows[1::2], strict=True):
            if targets[1] != "-":  # the form prints lines that are not used by itself
                mark = targets[0].removeprefix("成果指標")
                lines += table("[[projects.indicators]]", {
                    "id": mark, "name": targets[1], "role": "target" if mark == "取組目標" else "outcome",
                    "unit": "%" if "%" in targets[3] else "", "target": values(targets[3:]),
                    "actual": values(actuals[3:]) if with_results else {},
                })  # fmt: skip
    for row in seeds.others():
        no, page, priority, new, name, section, content, *reached, reason, evaluation, following = row
        if no:
            lines += table(
                "[[projects]]",
                {
                    "no": no,
                    "page": page,
                    "priority": priority == "○",
                    "new": new == "○",
                    "name": name,
                    "section": section,
                },
            )
            if with_results:
                lines += table("[projects.remarks.2022]", {"evaluation": evaluation, "next": following})
        works = {year: text for year, text in zip(seeds.YEARS, reached, strict=False) if text}
        lines += table("[[projects.indicators]]", {
            "id": content, "name": content, "role": "work", "actual": works if with_results else {},
            "reason": {"2022": reason} if with_results else {},
        })  # fmt: skip
    return "\n".join(lines).encode()


def values(texts: list[str]) -> dict[str, model.Value]:
    return {year: reading.value_of(text) for year, text in zip(seeds.YEARS, texts, strict=True) if text}


def printed_blocks(rows: list[list[str]]) -> list[seeds.Block]:
    """The 進捗管理票 of a printed sheet, read by their place in the form."""
    found = []
    for top in [n for n, row in enumerate(rows) if row[0].startswith("No.(")]:
        end = 3 + len(seeds.YEARS)
        head = {name: rows[top + 1][x] for x, name in enumerate(rows[top]) if name}
        body = [[*row[:3], *row[3:end]] for row in rows[top + 6 : top + 14]]
        said = {
            "evaluation": rows[top + 6][end], "issues": rows[top + 6][end + 1], "next": rows[top + 11][end + 1],
            "heads": [rows[top + 4][end], rows[top + 4][end + 1], rows[top + 10][end + 1]],
        }  # fmt: skip
        found.append(seeds.Block(head, rows[top + 3][0], rows[top + 3][end + 1], rows[top + 5][3:end], body, said))
        assert rows[top + 4][3:end] == ["前期3年間", "", "", "後期3年間"]
    return found


def through_the_ledger(store) -> None:
    """Seed 001 kept as a plan, and every figure, text and remark entered one by one."""
    plan, whole = reading.read("minato.toml", minato(False)), reading.read("minato.toml", minato(True))
    keeping.keep(store, LIBRARIAN, plan, 0)
    events = []
    for project in whole.projects:
        for one in project.indicators:
            for column in plan.columns:
                if column in one.actual or column in one.reason:
                    events.append(
                        keeping.entered(
                            plan, project, one, column, one.actual.get(column), one.reason.get(column, ""), 0
                        )
                    )
        for column, remarks in project.remarks.items():
            events.append(keeping.said(plan, project, column, remarks, 0))
    keeping.record(store, LIBRARIAN, plan, events)


@seeds.needed
@pytest.mark.parametrize("door", ["file", "ledger"])
def test_the_tables_of_minato_come_out_again(tmp_path, door):
    if door == "file":
        keeping.keep(tmp_path, LIBRARIAN, reading.read("minato.toml", minato(True)), 0)
    else:
        through_the_ledger(tmp_path)
    content, rows = plans.report(tmp_path, 2022, "xlsx", "港区立図書館")
    form_sheet, other_sheet = sheets(content).values()
    expected, printed = seeds.blocks(), printed_blocks(form_sheet)
    assert len(printed) == len(expected) == 3
    for block, seed in zip(printed, expected, strict=True):
        assert block.head == seed.head and block.content == seed.content and block.years == seed.years
        assert block.rows == [[number(cell) for cell in row] for row in seed.rows]
        assert block.said.pop("heads") == ["実績の評価(令和4年度)", "事業の課題や改善が必要な事項", "今後の取組"]
        assert block.said == seed.said
        assert block.judgement == seed.judgement  # by the rule: nobody put it in
    assert [block.judgement for block in printed] == ["a", "a", "b"]
    head = next(n for n, row in enumerate(other_sheet) if row[0].startswith("No."))
    assert [row[:13] for row in other_sheet[head + 1 :]] == seeds.others()
    assert rows == sum(row[1] not in ("", "-") for block in expected for row in block.rows) + len(seeds.others())


@seeds.needed
def test_the_form_writes_every_figure_as_the_library_does():
    stand = standing.of(reading.read("minato.toml", minato(True)), {}, {}, TODAY)
    for seed, project in zip(seeds.blocks(), stand.plan.projects, strict=False):
        placed = {(box.x, box.y): box.text for box in form.block(stand, project, "2022")}
        for y, row in enumerate(seed.rows, start=6):
            assert [placed.get((x, y), "") for x in range(7)] == row


@seeds.needed
def test_the_sample_of_minato_has_the_published_figures_and_names():
    plan = keeping.samples()["minato-2021"].plan
    stand = standing.of(plan, {}, {}, TODAY)
    published = {block.head["No.(基本目標-施策-事業)"]: block for block in seeds.blocks()}
    for project in filter(form.measured, plan.projects):
        seed = published.pop(project.no)
        placed = {(box.x, box.y): box.text for box in form.block(stand, project, "2022")}
        assert [[placed.get((x, y), "") for x in range(7)] for y in range(6, 14)] == seed.rows
        assert (project.name, project.page, project.section) == tuple(
            seed.head[name] for name in ("事業名", "掲載ページ", "担当課")
        )
        assert stand.said[project.no, "2022"].judgement == seed.judgement and not project.remarks["2022"].get(
            "judgement"
        )
    assert not published
    works = [project for project in plan.projects if not form.measured(project)]
    numbered = [row for row in seeds.others() if row[0]]
    assert [(one.no, one.page, one.name, one.section, one.new) for one in works] == [
        (row[0], row[1], row[4], row[5], row[3] == "○") for row in numbered
    ]
    assert sum(len(one.indicators) for one in works) == len(seeds.others())


def cells_under(rows: list[list[str]], *heads: str) -> list[tuple[str, ...]]:
    """The columns of a printed table under these heads, row by row."""
    top = next(n for n, row in enumerate(rows) if heads[0] in row)
    places = [rows[top].index(head) for head in heads]
    return [tuple(row[place] for place in places) for row in rows[top + 1 :]]


def printed_sample(plan_id: str, column: str) -> list[list[str]]:
    stand = standing.of(keeping.samples()[plan_id].plan, {}, {}, TODAY, sample=True)
    [rows] = sheets(printing.xlsx([(stand, column)], "館", "見本")).values()
    assert rows[1][0] == "見本（自館の計画ではありません）"
    return rows


@seeds.needed
def test_the_counts_of_kanazawa_library_come_out_again():
    published = set(map(int, re.findall(r"\((\d+) books\)", seeds.text("000"))))
    printed = cells_under(printed_sample("kanazawa-library-2024", "2024"), "事業名", "目標（冊）")
    assert {int(count) for _, count in printed} == published == {75, 45, 60, 30, 15, 20, 90}
    assert len(printed) == len(published)


@seeds.needed
def test_the_planned_times_of_yokohama_come_out_again():
    lines = [line.strip() for line in seeds.text("002").split("\n")]
    published = [found[1] for line in lines if (found := re.fullmatch(r"(?:.*】 )?(随時|\d+)", line))]
    printed = cells_under(printed_sample("yokohama-corner-2025", "2025"), "事業名", "目標回数")
    assert [times for _, times in printed] == published
    assert Counter(published)["随時"] == 8
    whole = re.sub(r"\s", "", seeds.text("002"))
    for name, _ in printed:
        assert re.sub(r"\s", "", name) in whole


@seeds.needed
def test_the_themes_of_kanazawa_ward_come_out_again():
    printed = dict(cells_under(printed_sample("kanazawa-ward-2023", "2023"), "事業名", "テーマ"))
    names = dict(re.findall(r"- (テーマ0\d): (\S+)", seeds.text("003")))
    assert len(names) == 5 and len(printed) == 11
    assert printed == {name: f"{theme} {names[theme]}" if theme else "" for name, theme in seeds.themes().items()}


@seeds.needed
def test_the_priorities_of_nishinomiya_come_out_again():
    part = seeds.text("004").split("機構・分掌事務")[1]
    parts = re.split(r"【重点目標(\d)】\s*(\S+)", part)[1:]
    published = {
        f"重点目標{no}": (name, said.count("- ・"))
        for no, name, said in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }
    plan = keeping.samples()["nishinomiya-2025"].plan
    assert {project.no: (project.name, len(project.indicators)) for project in plan.projects} == published
    printed = cells_under(printed_sample("nishinomiya-2025", "2025"), "番号", "事業名")
    assert Counter(no for no, _ in printed) == {no: works for no, (_, works) in published.items()}


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_a_fiscal_year_is_printed_in_every_form(store, lang, year):
    token = words.language.set(lang)
    try:
        made = {kind: plans.report(store, year, kind, "西宮市立図書館") for kind in ("csv", "xlsx", "pdf")}
        covering = [kept.plan for kept in keeping.samples().values() if model.column_of(kept.plan, year)]
        assert {rows for _, rows in made.values()} == {
            sum(len(p.indicators) for plan in covering for p in plan.projects)
        }
        paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made["pdf"][0])).pages)
        told = "".join(paper.split()).replace("\u200b", "")
        for plan in covering:
            assert "".join(plan.name.split()) in told
        listed = list(csv.DictReader(io.StringIO(made["csv"][0].decode("utf-8-sig"))))
        assert len(listed) == made["csv"][1]
        assert ("見本" if lang == "ja" else "Sample") in told
    finally:
        words.language.reset(token)


def test_own_plans_are_printed_in_place_of_samples(store):
    plan = model.moved(keeping.samples()["kanazawa-library-2024"].plan, 0, "own", "自館の目標")
    seq = keeping.keep(store, LIBRARIAN, plan, 0)
    content, rows = plans.report(store, 2024, "csv", "館")
    listed = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == 7 and {row["計画名"] for row in listed} == {"自館の目標"}
    assert [row["目標"] for row in listed] == ["75", "45", "60", "30", "15", "20", "90"]
    assert all(row["実績"].isdigit() for row in listed)
    keeping.drop(store, LIBRARIAN, plan, seq, "見直し")
    assert plans.report(store, 2024, "csv", "館")[1] > 7


def test_a_year_without_any_plan_says_what_to_do(tmp_path):
    with pytest.raises(Problem, match="令和12年度"):
        plans.report(tmp_path, 2030, "pdf", "館")


def test_what_people_wrote_does_no_harm_on_paper_and_in_a_sheet():
    harm = "=HYPERLINK(1) #panic() <b> \u202e\x00 [x]/*?"
    sample = keeping.samples()["minato-2021"].plan
    project = model.Project("=1+1", harm, content=harm, section=harm, indicators=(Indicator("=2", harm, actual={"2022": 3}, target={"2022": 2}),),
                            remarks={"2022": {"evaluation": harm}})  # fmt: skip
    plan = model.Plan("x", harm, harm, "progress", sample.periods, (project,))
    stand = standing.of(plan, {}, {}, TODAY)
    shown = [(stand, "2022"), (stand, "2022")]
    names = list(sheets(printing.xlsx(shown, harm, harm)))
    assert len(set(names)) == len(names) == 2
    assert b"\x00" not in printing.csv(shown, harm, harm) and "'=1+1" in printing.csv(shown, harm, harm).decode()
    assert printing.pdf(shown, harm, harm).startswith(b"%PDF")
