"""docs/write-your-own-policy.md does what it says, block by block, over a copy of the packs; docs/facts.md is up to date.

A fenced block says behind its language what is done with it: 書く (the whole file), 足す (to its end), 直す (the lines of the
same key, in the table that the block names; of a CSV the rows of the same rule and case). Of a console block the lines
after $ are commands, the others what they print, … standing for anything.
"""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from collection import __main__ as command_line
from collection import words

ROOT = Path(__file__).parents[2]
GUIDE, FACTS = ROOT / "docs" / "write-your-own-policy.md", ROOT / "docs" / "facts.md"
BLOCK = re.compile(r"^```(?P<told>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS = {
    "number": "数", "truth": "はい・いいえ", "date": "日付", "text": "文字", "code": "言葉（一つ）", "codes": "言葉（いくつか）",
    "names": "名簿の名（いくつか）",
}  # fmt: skip


HEAD = ("| 事実 | Fact | 種類 | 意味 | Meaning |", "|---|---|---|---|---|")


def _table(name: str) -> list[str]:
    rows = []
    for fact in words.table(name).values():
        kind = KINDS[fact["type"]] + (f"（{fact['unit']}）" if "unit" in fact else "")
        rows.append(f"| `{fact['ja']}` | {fact['en']} | {kind} | {fact['meaning']['ja']} | {fact['meaning']['en']} |")
    return rows


def facts_page() -> str:
    """docs/facts.md: what a condition may ask of an item, from words/facts.toml."""
    parts = [
        "# 条件に書ける事実 Facts",
        "",
        "`collection/words/facts.toml` から作った表。手では直さない（`python -m tests.policy.test_guide`）。",
        "条件（`when`）と文（`reason`）には、日本語の名で書く。Conditions name facts by their Japanese name.",
        "",
        *HEAD,
    ]
    parts += _table("facts")
    parts += ["", "## 受け入れるときの手がかりに書ける事実 Facts of a title on offer", ""]
    parts += ["リクエスト・寄贈・選書の規則の手がかり（`[[version.sign]]`）で使う。", "", *HEAD, *_table("title_facts")]
    parts += ["", "## 言葉の事実に書ける言葉 Words", "", "| 事実 | 書ける言葉 |", "|---|---|"]
    for fact in (words.table("facts") | words.table("title_facts")).values():
        if "codes" in fact:
            said = "・".join(f"`'{code['ja']}'`" for code in words.table("codes")[fact["codes"]].values())
            parts.append(f"| `{fact['ja']}` | {said} |")
    return "\n".join(parts) + "\n"


def test_the_document_of_the_facts_is_up_to_date():
    assert FACTS.read_text(encoding="utf-8") == facts_page()


def test_every_link_of_the_guide_leads_somewhere():
    text = GUIDE.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []


def test_the_guide_does_what_it_says(tmp_path, monkeypatch, capfd):
    shutil.copytree(ROOT / "data" / "policies", tmp_path / "data" / "policies")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command_line, "POLICIES", tmp_path / "data" / "policies")
    blocks = [(found["told"].split(), found["text"]) for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8"))]
    assert {told[0] for told, _ in blocks} == {"console", "toml", "csv"}
    for told, text in blocks:
        if told[0] == "console":
            for line, printed in commands(text):
                capfd.readouterr()
                run(line)
                out, err = capfd.readouterr()
                assert re.fullmatch(pattern(printed), (out + err).strip(), re.DOTALL), (line, out + err)
        else:
            written(told[0], told[1], tmp_path / told[2], text)


def commands(text: str) -> list[tuple[str, str]]:
    """(command, what it prints) of a console block."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, printed = part.partition("\n")
        found.append((line, printed.strip()))
    return found


def run(line: str) -> None:
    name, *arguments = shlex.split(line)
    if name == "collection":
        command_line.main(arguments)
    else:
        assert name == "cp" and arguments[0] == "-r"
        shutil.copytree(*arguments[1:])


def pattern(printed: str) -> str:
    return ".*?".join(map(re.escape, printed.split("…")))


def written(language: str, how: str, path: Path, text: str) -> None:
    if how == "書く":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    before = path.read_text(encoding="utf-8-sig")
    path.write_text({"足す": added, "直す": mended}[how](before, text, language), encoding="utf-8")


def added(before: str, text: str, language: str) -> str:
    return before.rstrip("\n") + "\n" + text


def mended(before: str, text: str, language: str) -> str:
    lines, at = before.splitlines(), 0
    for line in text.splitlines():
        if line.startswith("["):
            at = lines.index(line)
            continue
        key = re.match(r"[^,]*,[^,]*," if language == "csv" else r"\w+\s*=", line)[0].rstrip("= ")
        [found] = [n for n, old in enumerate(lines[at:], at) if re.match(rf"{re.escape(key)}\s*(=|\b)", old)][:1]
        lines[found] = line
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_kind_of_fact_has_a_word(language):
    assert {fact["type"] for fact in words.table("facts").values()} == set(KINDS)
    assert all(fact["meaning"][language] for fact in words.table("facts").values())


if __name__ == "__main__":
    FACTS.write_text(facts_page(), encoding="utf-8")
