"""A plan: what a library means to reach, by fiscal year. One form for 収集目標, 進捗管理票, 事業計画 and themes.

A plan has projects, a project has indicators, an indicator has a target and an actual for every column of the plan. A
column is a fiscal year ("2024") or several together ("2024-2026"), written as text. What is planned in words only (計画に
記載している内容) is an indicator of the role `work`, whose actuals are texts.
"""

import json
import re
from dataclasses import asdict, dataclass, field, replace

from collection import measures, words, years
from collection.measures import Scope
from collection.words import say

KINDS = ("targets", "progress", "programme", "themes")  # 収集目標, 進捗管理票, 事業計画, テーマ・重点目標
ROLES = ("target", "outcome", "work")  # 取組目標, 成果指標, 計画に記載している内容
JUDGEMENTS = ("a", "b", "c", "-")
ANY_TIME, NOT_SET = "随時", "-"
ENTERED, ACCESSIONS = "entered", "accessions"
MEASURED = ("holdings", "loans_of_year", "turnover", "freshness", "new_on_open", "spent")  # more of them is better
SOURCES = (ENTERED, ACCESSIONS, *MEASURED)
WHERE = ("branch", "location", "audience", "material", "ndc", "local", "source", "words")  # parts of a filter
CODED = ("location", "audience", "material", "local", "source")  # those with words in codes.toml
OF_MEASURES = ("branch", "location", "audience", "material", "ndc")  # those that a measure can be narrowed by
REMARKS = ("judgement", "why", "evaluation", "issues", "next")  # what a person says of a project in a year
OPERATING = {  # 運用値 of the rule and the forecast, for plans that state none
    "reached": 100,  # per cent of the year's target from which it counts as reached (a)
    "out_of_reach": 30,  # per cent below which the target is out of reach (c)
    "missed": 80,  # the same once the last year of the period is over
    "season_years": 3,  # years before this one whose course the forecast follows
    "season_items": 30,  # items in those years below which they say nothing
    "forecast_days": 30,  # days of the year before which nothing is forecast
}
YEAR_IN_NAME = re.compile(r"(?<=令和)\d{1,2}(?=年)|(?<!\d)20\d\d(?!\d)")
Value = int | float | str


@dataclass(frozen=True)
class Period:
    """Columns that belong together: 前期3年間. The last one holds what the period is to reach."""

    columns: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Indicator:
    """One figure to reach, or one thing to do.

    Attributes:
        id: its mark within the project: 目標, ①.
        source: of SOURCES: where its actuals come from.
        where: filters of WHERE, part → values; an item counts when any of them lets it through. A filter lets an item
            through when every part does, a part when any of its values does; ndc: how the class begins.
        target: column → a number, 随時 or "-". actual: column → a number, "-" or, of a work, a text.
        reason: column → why the actual differs from the plan.
    """

    id: str
    name: str
    role: str = "target"
    unit: str = ""
    source: str = ENTERED
    where: tuple[dict[str, list[str]], ...] = ()
    target: dict[str, Value] = field(default_factory=dict)
    actual: dict[str, Value] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether its actuals are counted, not entered."""
        return self.source != ENTERED


@dataclass(frozen=True)
class Project:
    """事業: its number within the plan, section in charge, page, marks, indicators; remarks: column → REMARKS → text."""

    no: str
    name: str
    group: str = ""
    theme: str = ""
    section: str = ""
    page: str = ""
    priority: bool = False
    new: bool = False
    purpose: str = ""
    content: str = ""
    indicators: tuple[Indicator, ...] = ()
    remarks: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A plan of a library. groups and themes: number or mark → name. operating: 運用値, as OPERATING."""

    id: str
    name: str
    library: str
    kind: str
    periods: tuple[Period, ...]
    projects: tuple[Project, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    operating: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, oldest first."""
        return tuple(column for period in self.periods for column in period.columns)

    def value(self, name: str) -> float:
        """A 運用値: the plan's own, or the usual one."""
        return self.operating.get(name, OPERATING[name])

    def project(self, no: str) -> Project | None:
        """The project of a number."""
        return next((project for project in self.projects if project.no == no), None)


def of(data: dict) -> Plan:
    """The plan that `told` (or a plan file that was checked) stands for."""
    projects = [
        Project(**project | {"page": str(project.get("page", "")), "indicators": _indicators(project)})
        for project in data["projects"]
    ]
    periods = [Period(tuple(period["columns"]), period.get("name", "")) for period in data["periods"]]
    return Plan(**data | {"periods": tuple(periods), "projects": tuple(projects)})


def _indicators(project: dict) -> tuple[Indicator, ...]:
    """The indicators of a project; one that states none is itself the thing to do."""
    stated = project.get("indicators") or [{"id": "1", "name": project["name"], "role": "work"}]
    return tuple(Indicator(**one | {"where": tuple(one.get("where", ()))}) for one in stated)


def told(plan: Plan) -> dict:
    """A plan as JSON can hold it."""
    return json.loads(json.dumps(asdict(plan)))


def first_year(column: str) -> int:
    """The first fiscal year of a column."""
    return int(column[:4])


def last_year(column: str) -> int:
    """The last fiscal year of a column."""
    return int(column[-4:])


def column_of(plan: Plan, year: int) -> str | None:
    """The column a fiscal year belongs to; None when the plan does not cover it."""
    return next((column for column in plan.columns if first_year(column) <= year <= last_year(column)), None)


def period_of(plan: Plan, column: str) -> Period:
    """The period a column belongs to."""
    return next(period for period in plan.periods if column in period.columns)


def number(value: Value | None) -> int | float | None:
    """The value where it is a number; None for 随時, "-" and texts."""
    return value if isinstance(value, int | float) else None


def column_word(column: str) -> str:
    """令和4年度, 令和6～8年度; FY2022, FY2024–2026 in English."""
    first, last = (years.spoken(year).partition("（")[0] for year in (first_year(column), last_year(column)))
    if first == last:
        return first
    if words.language.get() == "en":
        return f"{first}–{last_year(column)}"
    return f"{first.removesuffix('年度')}～{last[2:] if first[:2] == last[:2] else last}"


def value_word(value: Value | None, unit: str = "") -> str:
    """1,300,000, 80%, 随時, "-" or a text; blank for None. Of the units only % is written."""
    figure = number(value)
    if figure is None:
        return say("plans.any_time") if value == ANY_TIME else str(value or "")
    digits = f"{abs(figure):,.4f}".rstrip("0").rstrip(".")
    shown = f"{digits}{'%' if unit == '%' else ''}"
    return f"△{shown}" if figure < 0 else shown


def unit_word(value: Value | None, unit: str) -> str:
    """As `value_word`, with its unit: 75冊."""
    return value_word(value, unit) + (unit if number(value) is not None and unit != "%" else "")


def source_word(source: str) -> str:
    """Where actuals come from, in words."""
    return measures.word(source) if source in MEASURED else say(f"plans.source_{source}")


def where_word(indicator: Indicator) -> str:
    """What an indicator counts, in words; blank for what is entered."""
    if not indicator.counted:
        return ""
    return say("plans.or").join(filter(None, map(_filter_word, indicator.where))) or say("plans.everything")


def _filter_word(where: dict[str, list[str]]) -> str:
    said = {
        part: "・".join(words.code(part, value) if part in CODED else value for value in values)
        for part, values in where.items()
    }
    named = {
        part: text if part in ("branch", *CODED) else f"{say(f'plans.head_{part}')} {text}"
        for part, text in said.items()
    }
    return " ／ ".join(named[part] for part in WHERE if part in named)


def scope(indicator: Indicator) -> Scope:
    """The filter of a measure as collection.measures takes it."""
    where = indicator.where[0] if indicator.where else {}
    lists = {part: tuple(where.get(part, ())) for part in OF_MEASURES if part != "ndc"}
    return Scope(**lists, ndc=where.get("ndc", [""])[0])


def with_project(plan: Plan, project: Project) -> Plan:
    """The plan with one more project at its end."""
    return replace(plan, projects=(*plan.projects, project))


def name_moved(name: str, by: int) -> str:
    """The name `by` years later: 令和6年度 → 令和7年度, 2024 → 2025."""
    return YEAR_IN_NAME.sub(lambda found: str(int(found[0]) + by), name)


def moved(plan: Plan, by: int, plan_id: str, name: str) -> Plan:
    """The same plan `by` years later, with its targets, without what was reached and said."""
    projects = [
        replace(project, remarks={}, indicators=tuple(
            replace(one, target=_moved(one.target, by), actual={}, reason={}) for one in project.indicators
        ))
        for project in plan.projects
    ]  # fmt: skip
    periods = [
        replace(period, columns=tuple(_later(column, by) for column in period.columns)) for period in plan.periods
    ]
    return replace(plan, id=plan_id, name=name, periods=tuple(periods), projects=tuple(projects))


def _moved(values: dict[str, Value], by: int) -> dict[str, Value]:
    return {_later(column, by): value for column, value in values.items()}


def _later(column: str, by: int) -> str:
    return "-".join(str(int(year) + by) for year in column.split("-"))
