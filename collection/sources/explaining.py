"""How a table file is understood, column by column, and the mapping that says so, to be edited."""

import json
from pathlib import Path

import polars as pl

from collection import words
from collection.sources import readers
from collection.sources.headers import match, required
from collection.sources.opening import Opened, open_table
from collection.words import say

EXAMPLES = 3
DELIMITERS = {"\t": "Tab"}


def explain(path: Path, content: str, folder: Path, mapping: Path | str | None) -> tuple[str, str]:
    """Text and mapping of a CSV, TSV or XLSX file; see `collection.sources.explain`."""
    opened = open_table(path, content, folder, mapping=mapping, whole=False)
    return _text(opened), _toml(opened)


def _text(opened: Opened) -> str:
    delimiter = opened.layout.delimiter if opened.layout else ""
    lines = [
        say(
            "sources.explain_file",
            file=opened.path.name,
            encoding=opened.encoding,
            delimiter=DELIMITERS.get(delimiter, delimiter),
            columns=len(opened.columns),
        )
    ]
    if opened.mapping:
        lines.append(say("sources.explain_mapping", mapping=opened.mapping.name))
    for kind in opened.plan:
        lines.append(say("sources.explain_kind", kind=say(f"sources.kind_{kind}")))
        missing = [field for field in required(kind) if field not in opened.plan[kind]]
        if missing:
            lines.append(say("sources.explain_missing", fields="、".join(_label(kind, field) for field in missing)))
    for column in opened.columns:
        lines += _column(opened, column)
    return "\n".join(lines) + "\n"


def _column(opened: Opened, column: str) -> list[str]:
    """What is made of one column, with examples, and those of its values in the sample that cannot be read."""
    values = opened.sample[column].drop_nulls()
    said = {
        "column": column,
        "filled": f"{len(values) / max(1, opened.sample.height):.0%}",
        "examples": "、".join(values.unique(maintain_order=True).head(EXAMPLES)),
    }
    if column in opened.unknown:
        return [say("sources.explain_unknown", **said)]
    kind, field = _meaning(opened, column)
    if not field:
        return [say("sources.explain_worked", mapping=opened.mapping.name, **said)]
    about = words.table("fields")[kind][field]
    lines = [
        say("sources.explain_taken", field=_label(kind, field), meaning=about["meaning"][words.language.get()], **said)
    ]
    read = readers.reader(about, opened.encoding == "xlsx")
    odd = [
        value
        for value in values.unique(maintain_order=True)
        if (read(value)[1] or "").endswith(("unreadable", "wrong"))
    ]
    if odd:
        lines.append(say("sources.explain_odd", examples="、".join(odd[:EXAMPLES])))
    return lines


def _meaning(opened: Opened, column: str) -> tuple[str, str | None]:
    field = opened.taken.get(column)
    kind = next((kind for kind, texts in opened.plan.items() if field in texts), "")
    return kind, field if kind else None


def _label(kind: str, field: str) -> str:
    return words.table("fields")[kind][field][words.language.get()]


def _toml(opened: Opened) -> str:
    """The mapping that was used; else one that says what the header says by itself, with the fields that have no column and the columns left over."""
    if opened.mapping:
        return opened.mapping.text
    file = f"{opened.path.name}.mapping.toml"
    lines = [f"# {say('sources.toml_head', file=file)}", f"name = {_quoted(opened.path.stem)}", ""]
    for kind in opened.plan:
        found = match(list(opened.columns), kind)
        lines.append(f"[{kind}]")
        for field, about in words.table("fields")[kind].items():
            if field in found:
                lines.append(
                    f"{field} = {_quoted(found[field])}  # {_label(kind, field)}{_example(opened.sample, found[field])}"
                )
            else:
                must = f" {say('sources.toml_required')}" if about.get("required") else ""
                lines.append(f'# {field} = ""  # {_label(kind, field)} — {say("sources.toml_absent")}{must}')
        lines.append("")
    if opened.unknown:
        lines.append(f"# {say('sources.toml_unused')}")
        lines += [f"#   {_quoted(column)}{_example(opened.sample, column)}" for column in opened.unknown]
    return "\n".join(lines).rstrip() + "\n"


def _example(sample: pl.DataFrame, column: str) -> str:
    values = sample[column].drop_nulls()
    return f": {' '.join(values[0].split())[:40]}" if len(values) else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
