"""The rules straight in pandas and numpy, by hand: facts of the items, then verdicts, survivors, routes and scores."""

import time

import numpy as np
import pandas as pd

from collection.policy.model import Policy
from tests.bench import constants
from tests.bench.pandas_facts import items
from tests.bench.pandas_survivors import survivors

UNKNOWN = ("idle_years", "class_idle_years", "class_shelf_life", "years_published", "years_since_issue", "retention_years",
           "years_overdue", "years_since_reminder", "years_since_missing")  # fmt: skip


def judge(tables: dict[str, pd.DataFrame], policy: Policy) -> tuple[float, pd.DataFrame]:
    """Seconds from measure to score, and what was judged."""
    told = constants.figures(policy)
    begun = time.perf_counter()
    item = items(tables, policy, told)
    for name in UNKNOWN:
        item[name] = item[name].astype("Float64")
    item["use_only"] = item["use_only"].astype("boolean")
    rules = _rules(item, told)
    states = _states(rules)
    judged = _verdicts(item, rules, states, survivors(item, rules, states, tables))
    _scores(judged, item, policy, told)
    return time.perf_counter() - begun, judged


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
            "km-7-1-term": serial
            & ~item["retention_permanent"]
            & (item["years_since_issue"] < item["retention_years"]),
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
        [item["status"].eq("missing"), item["condition"].isin(["soiled", "damaged", "repairable"])],
        ["record_only", "discard"],
        "give_away",
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
    found = np.select(
        [np.asarray(condition, dtype=bool) for condition in conditions.values()], range(len(conditions)), -1
    )
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
    numbers = {
        name: item[name].to_numpy(dtype="float64", na_value=np.nan)
        for name in ("idle_years", "years_published", "class_shelf_life")
    }
    use = np.where(item["circulates"], item["loans_3y"] * 10.0, item["in_house_1y"] * 20.0)
    by_use = 100 - 100 * numbers["idle_years"] / told["use_only_years"]
    by_age = 100 - 50 * numbers["years_published"] / np.where(
        numbers["class_shelf_life"] == 0, np.nan, numbers["class_shelf_life"]
    )
    fresh = np.where(item["use_only"].fillna(False), by_use, by_age)
    judged["score_use"] = np.clip(np.where(np.isnan(use), told["use_unknown"], use), 0, 100)
    judged["score_freshness"] = np.clip(np.where(np.isnan(fresh), told["freshness_unknown"], fresh), 0, 100)
    judged["score_scarcity"] = 100 / np.maximum(item["copies"], 1)
    judged["score_priority"] = np.select(
        [
            item["local"].notna() | item["retention"].notna(),
            item["listed"],
            item["clue"],
            item["material"].isin(["reference", "yearbook"]),
        ],
        [100.0, 80.0, 60.0, 50.0],
        20.0,
    )
    judged["score"] = sum(judged[f"score_{name}"] * part.weight / 100 for name, part in policy.score.items())
