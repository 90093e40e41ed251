"""The facts of every item in pandas and numpy, by hand: use, records, copies."""

from pathlib import Path

import numpy as np
import pandas as pd

from collection.policy.model import Policy
from collection.store.connection import connect
from tests.bench import constants, library
from tests.bench.in_sqlite import DAYS, day, month_end

COLUMNS = {
    "bib": "bib_no title title_key series author publisher subjects pub_year ndc class_mark material local unit_no edition_rank",
    "item": "item_no bib_no work_no unit_no branch location accession_date source status condition missing_confirmed_on "
    "due_date reminders last_reminder_date unrecoverable retention issue_date last_loan_date never_lent gone_on",
    "loan": "item_no month loans in_house",
    "hold": "bib_no holds",
    "retention": "bib_no years permanent",
}
CATEGORIES = ("branch", "location", "source", "status", "condition", "retention", "material", "local")


def load(snapshot: Path, similar: Path) -> dict[str, pd.DataFrame]:
    """The tables of the library and its similar titles as one would keep them in pandas: coded texts as categories, days as numbers."""
    with connect(snapshot, read_only=True) as connection:
        tables = {}
        for table, columns in COLUMNS.items():
            texts = ", ".join(day(name) if name in DAYS else name for name in columns.split())
            tables[table] = connection.sql(f"SELECT {texts} FROM {table}").df()
    tables["neighbour"] = library.neighbours(similar).to_pandas()
    for table in tables.values():
        for name, kind in table.dtypes.items():
            if isinstance(kind, pd.api.extensions.ExtensionDtype) and pd.api.types.is_integer_dtype(kind):
                table[name] = table[name].astype("float32" if name == "in_house" else "float64")
    for table in (tables["bib"], tables["item"]):
        for name in table.columns.intersection(CATEGORIES):
            table[name] = table[name].astype("category")
    return tables


def items(tables: dict[str, pd.DataFrame], policy: Policy, told: dict) -> pd.DataFrame:
    """Every held item with all that the rules ask of it."""
    found = _items(tables, _bibs(tables, policy, told), _use(tables["loan"], told), told)
    _copies(found, told)
    return found


def _use(loan: pd.DataFrame, told: dict) -> pd.DataFrame:
    """How each item was used: index item_no."""
    month, known = loan["month"].to_numpy(), loan["month"].to_numpy() <= told["last_month"]
    used = known & ((loan["loans"].to_numpy() > 0) | (loan["in_house"].to_numpy() > 0))
    year = loan[known & (month > told["last_month"] - 12)].groupby("item_no")[["loans", "in_house"]].sum()
    three = loan[known & (month > told["last_month"] - 36)].groupby("item_no")["loans"].sum()
    last = loan.loc[used, ["item_no", "month"]].groupby("item_no")["month"].max()
    counted = loan.loc[known & loan["in_house"].notna().to_numpy(), "item_no"].unique()
    use = pd.DataFrame(
        {"last_month": last, "loans_1y": year["loans"], "in_house_1y": year["in_house"], "loans_3y": three}
    )
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
            "listed": bib["author"].str.contains(constants.authors(policy)).fillna(False).astype(bool),
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
    months = (
        (today // 10000 - issued // 10000) * 12
        + today // 100 % 100
        - issued // 100 % 100
        - (issued % 100 > today % 100)
    )
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
    units = several.groupby("unit_no").agg(
        copies=("usable", "sum"), edition_rank=("edition_rank", "first"), work_no=("work_no", "first")
    )
    newest = units[units["copies"] > 0].groupby("work_no")["edition_rank"].max()
    units["superseded"] = units["edition_rank"] < units["work_no"].map(newest)
    item.loc[several.index, "copies"] = several["unit_no"].map(units["copies"])
    item.loc[several.index, "superseded"] = several["unit_no"].map(units["superseded"])
    place = several.groupby(["unit_no", "branch"], observed=True)
    crowded = several[several["usable"] & (place["usable"].transform("sum") > 1)]
    asked = np.ceil(place["loans_1y"].transform("sum") / told["loans_per_copy"]).clip(lower=1)[crowded.index]
    ranked = crowded.sort_values(
        ["last_use", "loans_3y", "item_no"], ascending=[False, False, True], na_position="last"
    )
    rank = ranked.groupby(["unit_no", "branch"], observed=True).cumcount() + 1
    item.loc[rank.index[rank > asked[rank.index]], "surplus"] = True
