"""A plan as the TOML file that reading.py reads: taken out, changed in an editor and read in again."""

import json
from dataclasses import fields

from collection.plans.model import Indicator, Period, Plan, Project

PARTS = ("periods", "groups", "themes", "operating", "projects", "indicators", "remarks")  # tables of their own


def toml(plan: Plan) -> bytes:
    """The whole plan; what is as usual is left out. What people entered stays in the ledger and is not in it."""
    lines = _head(plan)
    for period in plan.periods:
        lines += ["", "[[periods]]", *_head(period)]
    for name in ("groups", "themes", "operating"):
        if named := getattr(plan, name):
            lines += ["", f"[{name}]", *_entries(named)]
    for project in plan.projects:
        lines += ["", "[[projects]]", *_head(project)]
        for column, remarks in project.remarks.items():
            lines += ["", f"[projects.remarks.{_value(column)}]", *_entries(remarks)]
        for one in project.indicators:
            lines += ["", "[[projects.indicators]]", *_head(one)]
    return ("\n".join(lines) + "\n").encode()


def _head(told: Plan | Period | Project | Indicator) -> list[str]:
    """The lines of a table: its fields that differ from the usual."""
    known = {part.name: getattr(told, part.name) for part in fields(told) if part.name not in PARTS}
    return [f"{name} = {_value(value)}" for name, value in known.items() if value not in ("", False, (), {})]


def _entries(named: dict) -> list[str]:
    return [f"{_value(key)} = {_value(value)}" for key, value in named.items()]


def _value(value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(_entries(value)) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
