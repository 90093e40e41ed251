"""The rules straight in pandas and numpy, by hand: facts of the items, then verdicts, survivors, routes and scores."""

import time
from pathlib import Path

import numpy as np
import pandas as pd

from collection.policy.model import Policy
from collection.store.connection import connect
from tests.bench import constants
from tests.bench.in_sqlite import DAYS, day, month_end
from tests.bench.pandas_survivors import survivors

COLUMNS = {
    "bib": "bib_no title series author publisher subjects pub_year ndc class_mark material local unit_no edition_rank",
    "item": "item_no bib_no work_no unit_no branch location accession_date source status condition missing_confirmed_on "
    "due_date reminders last_reminder_date unrecoverable retention issue_date last_loan_date never_lent gone_on",
    "loan": "item_no month loans in_house",
    "hold": "bib_no holds",
    "retention": "bib_no years permanent",
}
CATEGORIES = ("branch", "location", "source", "status", "condition", "retention", "material", "local")
UNKNOWN = ("idle_years", "class_idle_years", "class_shelf_life", "years_published", "years_since_issue", "retention_years",
           "years_overdue", "years_since_reminder", "years_since_missing")  # fmt: skip


def load(snapshot: Path) -> dict[str, pd.DataFrame]:
    """The tables of the library as one would keep them in pandas: coded texts as categories, days as numbers."""
    with connect(snapshot, read_only=True) as connection:
        tables = {}
        for table, columns in COLUMNS.items():
            texts = ", ".join(day(name) if name in DAYS else name for name in columns.split())
            tables[table] = connection.sql(f"SELECT {texts} FROM {table}").df()
    for table in tables.values():
        for name, kind in table.dtypes.items():
            if isinstance(kind, pd.api.extensions.ExtensionDtype) and pd.api.types.is_integer_dtype(kind):
                table[name] = table[name].astype("float32" if name == "in_house" else "float64")
    for table in (tables["bib"], tables["item"]):
        for name in table.columns.intersection(CATEGORIES):
            table[name] = table[name].astype("category")
    return tables


def judge(tables: dict[str, pd.DataFrame], policy: Policy) -> tuple[float, pd.DataFrame]:
    """Seconds from measure to score, and what was judged."""
    told = constants.figures(policy)
    begun = time.perf_counter()
    item = _items(tables, _bibs(tables, policy, told), _use(tables["loan"], told), told)
    _copies(item, told)
    for name in UNKNOWN:
        item[name] = item[name].astype("Float64")
    item["use_only"] = item["use_only"].astype("boolean")
    rules = _rules(item, told)
    states = _states(rules)
    judged = _verdicts(item, rules, states, survivors(item, rules, states, tables["bib"]))
    _scores(judged, item, policy, told)
    return time.perf_counter() - begun, judged


def _use(loan: pd.DataFrame, told: dict) -> pd.DataFrame:
    """How each item was used: index item_no."""
    month, known = loan["month"].to_numpy(), loan["month"].to_numpy() <= told["last_month"]
    used = known & ((loan["loans"].to_numpy() > 0) | (loan["in_house"].to_numpy() > 0))
    year = loan[known & (month > told["last_month"] - 12)].groupby("item_no")[["loans", "in_house"]].sum()
    three = loan[known & (month > told["last_month"] - 36)].groupby("item_no")["loans"].sum()
    last = loan.loc[used, ["item_no", "month"]].groupby("item_no")["month"].max()
    counted = loan.loc[known & loan["in_house"].notna().to_numpy(), "item_no"].unique()
    use = pd.DataFrame({"last_month": last, "loans_1y": year["loans"], "in_house_1y": year["in_house"], "loans_3y": three})
    use["counted"] = use.index.isin(counted)
    return use


def _bibs(tables: dict[str, pd.DataFrame], policy: Policy, told: dict) -> pd.DataFrame:
    """What the rules ask of each record: index bib_no."""
    bib = tables["bib"].set_index("bib_no")
    kind = bib["material"].astype("str")
    key = bib["ndc"].fillna(bib["class_mark"])
    longest = sorted(policy.classes, key=lambda rule: -len(rule["prefix"]))
    values = {text: next(rule for rule in longest if text.startswith(rule["prefix"])) for text in key.dropna().unique()}
    by_class = pd.DataFrame.from_dict(values, orient="index")[["idle_years", "shelf_life", "use_only", "similar"]]
    of_class = by_class.reindex(key)
    retention = tables["retention"].set_index("bib_no").reindex(bib.index)
    holds = tables["hold"].merge(bib[["unit_no"]], left_on="bib_no", right_index=True).groupby("unit_no")["holds"].sum()
    texts = bib[list(constants.CLUE_FIELDS)]
    text = texts["title"].str.cat(texts[list(constants.CLUE_FIELDS[1:])], sep=" ", na_rep="")
    hinted = bib["local"].isna() & text.str.contains(constants.any_clue(policy))
    points = constants.points_here(policy)
    some = texts[hinted].astype(object).where(texts[hinted].notna(), None)
    clue = pd.Series([points(*row) for row in some.itertuples(index=False)], index=some.index, dtype=bool)
    here = bib["ndc"].str.match(constants.clue_classes(policy)).fillna(False).astype(bool) & bib["local"].isna()
    names = "|".join(constants.authors(policy))
    return pd.DataFrame(
        {
            "edition_rank": bib["edition_rank"],
            "material": bib["material"],
            "local": bib["local"],
            "ndc": bib["ndc"],
            "class_idle_years": of_class["idle_years"].to_numpy(),
            "class_shelf_life": of_class["shelf_life"].to_numpy(),
            "use_only": of_class["use_only"].to_numpy(),
            "subject_literature": (of_class["similar"].to_numpy() == True) & kind.fillna("book").eq("book").to_numpy(),  # noqa: E712
            "annual": kind.eq("yearbook") | bib["title"].str.contains(constants.ANNUAL),
            "holds": bib["unit_no"].map(holds).fillna(0).to_numpy(),
            "retention_years": retention["years"],
            "retention_permanent": retention["permanent"].fillna(False).astype(bool),
            "clue": here | clue.reindex(bib.index, fill_value=False),
            "listed": bib["author"].str.replace("[ 　]", "", regex=True).str.contains(names).fillna(False).astype(bool),
            "years_published": told["as_of"] // 10000 - bib["pub_year"],
        }
    )


def _items(tables: dict[str, pd.DataFrame], bibs: pd.DataFrame, use: pd.DataFrame, told: dict) -> pd.DataFrame:
    """Every held item with what can be told of it by itself and its record."""
    item = tables["item"]
    item = item[item["gone_on"].isna() & item["status"].ne("withdrawn")]
    counting = tables["item"].loc[tables["item"]["item_no"].isin(use.index[use["counted"]]), "branch"].unique()
    item = item.join(use.drop(columns="counted"), on="item_no").join(bibs, on="bib_no").reset_index(drop=True)
    for name in ("annual", "retention_permanent", "clue", "listed", "subject_literature"):
        item[name] = item[name].fillna(False).astype(bool)
    for name in ("loans_1y", "loans_3y", "holds", "reminders"):
        item[name] = item[name].fillna(0)
    item["unrecoverable"] = item["unrecoverable"].fillna(False).astype(bool)
    counted = item["branch"].isin(counting)
    item["in_house_1y"] = item["in_house_1y"].fillna(0).where(counted)
    item["circulates"] = ~item["location"].isin(["reference", "office"]) & item["material"].ne("reference")
    months = item["last_month"].dropna().unique()
    ends = pd.Series([month_end(int(month)) for month in months], index=months, dtype="float64")
    last = np.fmax(item["last_loan_date"], item["last_month"].map(ends))
    item["last_use"] = np.minimum(last, told["as_of"])
    judged_by_use = item["circulates"] | counted
    since = np.select(
        [item["last_use"].notna() & judged_by_use, item["circulates"] & item["never_lent"], judged_by_use],
        [
            np.fmax(item["accession_date"], item["last_use"]),
            item["accession_date"].fillna(told["loans_from"]),
            np.fmax(item["accession_date"], told["loans_from"]),
        ],
        np.nan,
    )
    item["idle_years"] = _years(since, told)
    item["years_held"] = _years(item["accession_date"].fillna(item["last_use"]), told)
    item["years_overdue"] = _years(item["due_date"], told)
    item["years_since_reminder"] = _years(item["last_reminder_date"], told)
    confirmed = item["missing_confirmed_on"]
    item["years_since_missing"] = _years((confirmed // 10000 + (confirmed // 100 % 100 > 3)) * 10000 + 331, told)
    issued, today = item["issue_date"], told["as_of"]
    months = (today // 10000 - issued // 10000) * 12 + today // 100 % 100 - issued // 100 % 100 - (issued % 100 > today % 100)
    item["years_since_issue"] = months / 12
    item["usable"] = ~(
        item["status"].isin(["missing", "withdrawn"])
        | item["condition"].isin(["soiled", "damaged"])
        | item["unrecoverable"]
        | item["source"].eq("deposit")
    )
    return item


def _years(since: pd.Series | np.ndarray, told: dict) -> pd.Series | np.ndarray:
    """Whole years from a day to the day of judging."""
    return np.trunc((told["as_of"] - since) / 10000)


def _copies(item: pd.DataFrame, told: dict) -> None:
    """Adds copies, superseded and surplus. Items that are alone in their work count for themselves."""
    item["copies"] = item["usable"].astype("int64")
    item["superseded"], item["surplus"] = False, False
    several = item[item["work_no"].duplicated(keep=False)]
    units = several.groupby("unit_no").agg(copies=("usable", "sum"), edition_rank=("edition_rank", "first"), work_no=("work_no", "first"))
    newest = units[units["copies"] > 0].groupby("work_no")["edition_rank"].max()
    units["superseded"] = units["edition_rank"] < units["work_no"].map(newest)
    item.loc[several.index, "copies"] = several["unit_no"].map(units["copies"])
    item.loc[several.index, "superseded"] = several["unit_no"].map(units["superseded"])
    place = several.groupby(["unit_no", "branch"], observed=True)
    crowded = several[several["usable"] & (place["usable"].transform("sum") > 1)]
    asked = np.ceil(place["loans_1y"].transform("sum") / told["loans_per_copy"]).clip(lower=1)[crowded.index]
    ranked = crowded.sort_values(["last_use", "loans_3y", "item_no"], ascending=[False, False, True], na_position="last")
    rank = ranked.groupby(["unit_no", "branch"], observed=True).cumcount() + 1
    item.loc[rank.index[rank > asked[rank.index]], "surplus"] = True


def _rules(item: pd.DataFrame, told: dict) -> pd.DataFrame:
    """What each rule says of each item: true, false or missing."""
    kinds = item["local"].cat.categories
    local = {code: item["local"].isin([kind for kind in kinds if code in kind.split(";")]) for code in
             ("local", "official", "sake", "lucky_gods", "washi", "human_rights")}  # fmt: skip
    status, condition = item["status"], item["condition"]
    serial = (
        item["material"].isin(["periodical", "newspaper", "yearbook"])
        | item["retention_years"].notna()
        | item["retention_permanent"]
        | (item["material"].isna() & item["issue_date"].notna())
    ).astype("boolean")
    reminded = item["years_since_reminder"].fillna(told["reminder_years"]) < told["reminder_years"]
    settled = item["unrecoverable"] & (item["reminders"] >= 1) & reminded
    overdue = status.eq("on_loan").astype("boolean") & (item["years_overdue"] >= told["overdue_years"])
    low_value = (
        item["superseded"].astype("boolean")
        | item["surplus"]
        | (item["use_only"] & (item["idle_years"] >= told["use_only_years"]))
        | (~item["use_only"] & (item["years_published"] > item["class_shelf_life"]))
    )
    return pd.DataFrame(
        {
            "km-5-2-1": local["local"] | local["official"],
            "km-5-2-2": local["sake"] | local["lucky_gods"],
            "km-5-2-3": local["human_rights"],
            "km-6-3": item["retention"].notna(),
            "km-7-1": item["retention_permanent"],
            "km-7-1-term": serial & ~item["retention_permanent"] & (item["years_since_issue"] < item["retention_years"]),
            "km-8-1-holds": item["usable"] & (item["holds"] > 0),
            "km-8-1-in-use": status.isin(["on_loan", "on_hold_shelf"]),
            "km-8-1-new": item["accession_date"].notna() & (item["years_held"] < told["new_years"]),
            "km-13-2": item["source"].eq("deposit"),
            "cc-3-4-3": item["annual"],
            "cc-3-5-1": local["local"] | local["sake"] | local["lucky_gods"] | local["washi"],
            "cc-3-5-3": item["listed"],
            "clue": item["clue"],
            "repair": condition.eq("repairable"),
            "unreturned": overdue & ~settled,
            "8-2-1": condition.isin(["soiled", "damaged"]),
            "8-2-2": (item["idle_years"] >= item["class_idle_years"]) & low_value & status.ne("missing"),
            "8-2-3": status.eq("missing").astype("boolean") & (item["years_since_missing"] >= told["missing_years"]),
            "8-2-4": serial & (item["years_since_issue"] >= item["retention_years"]),
            "8-2-5": overdue & settled,
        }
    )


KEEPS = ("km-5-2-1", "km-5-2-2", "km-5-2-3", "km-6-3", "km-7-1", "km-7-1-term", "km-8-1-holds", "km-8-1-in-use", "km-8-1-new",
         "km-13-2", "cc-3-4-3", "cc-3-5-1", "cc-3-5-3")  # fmt: skip
LOCAL = ("km-5-2-1", "km-5-2-2", "km-5-2-3", "cc-3-5-1", "cc-3-5-3")
STOPS = {  # criterion → rules that keep, rules that ask
    "8-2-1": (["km-13-2"], [*LOCAL, "clue", "km-6-3", "km-8-1-holds", "km-8-1-in-use", "km-8-1-new", "cc-3-4-3"]),
    "8-2-2": (list(KEEPS), ["clue"]),
    "8-2-3": ([], ["km-13-2"]),
    "8-2-4": (["km-6-3", "km-7-1", "km-8-1-in-use", "km-13-2", "cc-3-4-3"], [*LOCAL, "clue"]),
    "8-2-5": ([], ["km-13-2"]),
}
NO, UNKNOWN_STATE, CANDIDATE, ASK, KEEP = range(5)


def _states(rules: pd.DataFrame) -> pd.DataFrame:
    """Where each item stands under each criterion: one of NO, UNKNOWN_STATE, CANDIDATE, ASK, KEEP."""
    sure = {name: rules[name].fillna(False).to_numpy(dtype=bool) for name in rules}
    doubt = rules["km-7-1-term"].isna().to_numpy()
    states = {}
    for criterion, (keeps, asks) in STOPS.items():
        keep = np.any([sure[name] for name in keeps], axis=0) if keeps else np.zeros(len(rules), dtype=bool)
        ask = np.any([sure[name] for name in asks], axis=0)
        unknown = rules[criterion].isna().to_numpy()
        stopped = [~sure[criterion] & ~unknown, unknown, keep, ask]
        told = [NO, UNKNOWN_STATE, KEEP, ASK]
        if "km-7-1-term" in keeps:
            stopped, told = [*stopped, doubt], [*told, UNKNOWN_STATE]
        states[criterion] = np.select(stopped, told, CANDIDATE).astype("int8")
    return pd.DataFrame(states)


def _verdicts(item: pd.DataFrame, rules: pd.DataFrame, states: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Verdict, criterion, criteria, route, survivor, protections and advice of every item."""
    goes = states.eq(CANDIDATE)
    eligible = goes["8-2-2"].to_numpy()
    goes["8-2-2"] = eligible & named["survivor_item_no"].notna().to_numpy()
    asked = states.eq(ASK)
    sure = {name: rules[name].fillna(False).to_numpy(dtype=bool) for name in ("repair", "unreturned", *KEEPS)}
    protections = {**{name: sure[name] for name in KEEPS}, "km-8-2-2-last": named["last"].to_numpy()}
    kept = np.any([sure[name] for name in KEEPS], axis=0)
    candidate, ask = goes.any(axis=1).to_numpy(), asked.any(axis=1).to_numpy() | sure["repair"] | sure["unreturned"]
    on_shelves = item["location"].isna() | item["location"].eq("open")
    verdict = _first(
        {
            "candidate": candidate,
            "ask": ask,
            "move": eligible & on_shelves.to_numpy(),
            "keep": eligible | kept,
            "unknown": states.eq(UNKNOWN_STATE).any(axis=1).to_numpy(),
        }
    )
    going, asking = _first({name: goes[name] for name in goes}), _first({name: asked[name] for name in asked})
    serial = np.select(
        [item["status"].eq("missing"), item["condition"].isin(["soiled", "damaged", "repairable"])], ["record_only", "discard"], "give_away"
    )
    routes = {"8-2-1": "discard", "8-2-2": "transfer_offer", "8-2-3": "record_only", "8-2-5": "record_only"}
    replace = ((item["holds"] > 0) | (item["loans_1y"] > 0)) & item["copies"].eq(0)
    damaged = goes["8-2-1"].to_numpy()
    return pd.DataFrame(
        {
            "item_no": item["item_no"],
            "verdict": verdict,
            "criterion": going.where(candidate, asking),
            "criteria": _joined({name: goes[name] | asked[name] for name in goes}),
            "route": going.map(routes).where(going.ne("8-2-4"), serial),
            "survivor_item_no": named["survivor_item_no"],
            "survivor_kind": named["survivor_kind"],
            "protected_by": _joined(protections),
            "advice": _first(
                {
                    "closed_stack": verdict.eq("move"),
                    "replace": damaged & replace,
                    "repair": ~damaged & verdict.eq("ask").to_numpy() & sure["repair"],
                }
            ),
        }
    )


def _first(conditions: dict) -> pd.Series:
    """The first name whose condition holds."""
    found = np.select([np.asarray(condition, dtype=bool) for condition in conditions.values()], range(len(conditions)), -1)
    return pd.Series(np.array([*conditions, None], dtype=object)[found])


def _joined(conditions: dict) -> pd.Series:
    """All names whose condition holds, parted by semicolons; each combination is put together once."""
    code = np.zeros(len(next(iter(conditions.values()))), dtype="int64")
    for bit, condition in enumerate(conditions.values()):
        code |= np.asarray(condition, dtype="int64") << bit
    found, place = np.unique(code, return_inverse=True)
    names = list(conditions)
    texts = [";".join([name for bit, name in enumerate(names) if each >> bit & 1]) or None for each in found.tolist()]
    return pd.Series(np.array(texts, dtype=object)[place])


def _scores(judged: pd.DataFrame, item: pd.DataFrame, policy: Policy, told: dict) -> None:
    """Adds the parts of the score and their weighted sum."""
    numbers = {name: item[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("idle_years", "years_published", "class_shelf_life")}
    use = np.where(item["circulates"], item["loans_3y"] * 10.0, item["in_house_1y"] * 20.0)
    by_use = 100 - 100 * numbers["idle_years"] / told["use_only_years"]
    by_age = 100 - 50 * numbers["years_published"] / np.where(numbers["class_shelf_life"] == 0, np.nan, numbers["class_shelf_life"])
    fresh = np.where(item["use_only"].fillna(False), by_use, by_age)
    judged["score_use"] = np.clip(np.where(np.isnan(use), told["use_unknown"], use), 0, 100)
    judged["score_freshness"] = np.clip(np.where(np.isnan(fresh), told["freshness_unknown"], fresh), 0, 100)
    judged["score_scarcity"] = 100 / np.maximum(item["copies"], 1)
    judged["score_priority"] = np.select(
        [item["local"].notna() | item["retention"].notna(), item["listed"], item["clue"], item["material"].isin(["reference", "yearbook"])],
        [100.0, 80.0, 60.0, 50.0],
        20.0,
    )
    judged["score"] = sum(judged[f"score_{name}"] * part.weight / 100 for name, part in policy.score.items())
