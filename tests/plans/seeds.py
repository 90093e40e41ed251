"""The published plans as they lie in ../shared/seeds, read with plain Python. Tests that need them are not run without them."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "seeds"
needed = pytest.mark.skipif(not FOLDER.exists(), reason=f"the published plans are not there ({FOLDER}): not compared")
YEARS = ("2021", "2022", "2023", "2024-2026")


def text(number: str) -> str:
    return next(FOLDER.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


@dataclass
class Block:
    """A 進捗管理票 as printed: its head by name, content, letter, the heads of the years, eight rows of seven cells, texts."""

    head: dict[str, str]
    content: str
    judgement: str
    years: list[str]
    rows: list[list[str]]
    said: dict[str, str]


def blocks() -> list[Block]:
    """The three 進捗管理票 of seed 001."""
    lines = [line.split("\t") for line in text("001").split("\n")]
    starts = [
        n for n, cells in enumerate(lines) if cells[0].startswith("No.(") and len(cells) > 4 and "事業名" in cells
    ]
    found = []
    for start in starts:
        head = {name: value for name, value in zip(lines[start], lines[start + 1], strict=False) if name}
        content = [cell for cell in lines[start + 3] if cell]
        rows, more = [], []
        for cells in lines[start + 6 : start + 14]:
            cells = cells + [""] * (9 - len(cells))
            rows.append(cells[:7])
            more.append(cells[7:9])
        found.append(
            Block(head, content[0], content[1], [cell for cell in lines[start + 5] if cell], rows, _said(more))
        )
    return found


def _said(more: list[list[str]]) -> dict[str, str]:
    """The texts on the right: with a second column they are evaluation, and issues then next; else evaluation, then next."""
    first, second = ([row[n] for row in more if row[n]] for n in (0, 1))
    if second:
        at = second.index("今後の取組")
        return {"evaluation": "\n".join(first), "issues": "\n".join(second[:at]), "next": "\n".join(second[at + 1 :])}
    return {
        "evaluation": "\n".join(row[0] for row in more[:4] if row[0]),
        "issues": "",
        "next": "\n".join(row[0] for row in more[4:] if row[0]),
    }


def others() -> list[list[str]]:
    """The rows of その他の事業 of seed 001: thirteen cells each; a second thing to do of a project has no number."""
    found, within = [], False
    for line in text("001").split("\n"):
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0].startswith("No. ("):
            within = True
        elif (
            within
            and len(cells) > 8
            and (re.match(r"\d-\(\d\)", cells[0]) or not cells[0])
            and cells[6]
            and cells[7] != "令和3年度"
        ):
            cells = cells[:13]
            if cells[9] == "—":  # on some sheets the blank 令和5年度 was lost when the text was taken out
                cells = [*cells[:9], "", *cells[9:]]
            found.append((cells + [""] * 13)[:13])
    return found


def themes() -> dict[str, str]:
    """事業 → theme of seed 003, テーマ01; those without a theme under ""."""
    plain = re.sub(r"<[^>]+>", "\n", text("003"))
    part = plain[plain.index("【参考】") :]
    found = {}
    for name, after in re.findall(r"●([^\n\t]+?)(?=[\n\t]|\s*テーマ)([^●]*)", part):
        theme = re.match(r"\s*テーマ\s?(\d\d)", after)
        found[name.strip()] = f"テーマ{theme[1]}" if theme else ""
    return found
