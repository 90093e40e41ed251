"""Which item stays in the place of each item that may go, in pandas and numpy, by hand."""

import numpy as np
import pandas as pd

CANDIDATE = 2


def survivors(item: pd.DataFrame, rules: pd.DataFrame, states: pd.DataFrame, tables: dict) -> pd.DataFrame:
    """survivor_item_no, survivor_kind and last (kept as the last copy of its work) for every row of `item`."""
    eligible = states["8-2-2"].eq(CANDIDATE).to_numpy()
    leaving = states[["8-2-1", "8-2-3", "8-2-4", "8-2-5"]].eq(CANDIDATE).any(axis=1).to_numpy()
    leaving = leaving | rules["unreturned"].fillna(False).to_numpy(dtype=bool)
    stands = item[
        [
            "item_no",
            "bib_no",
            "unit_no",
            "work_no",
            "edition_rank",
            "branch",
            "last_use",
            "loans_3y",
            "subject_literature",
            "ndc",
        ]
    ]
    stands = stands.assign(
        eligible=eligible,
        can_stay=item["usable"] & ~leaving,
        on_shelf=item["status"].isna() | item["status"].eq("available"),
    )
    work = stands[stands["work_no"].isin(stands.loc[eligible, "work_no"].unique())]
    work = work.sort_values(
        ["on_shelf", "last_use", "loans_3y", "item_no"], ascending=[False, False, False, True], na_position="last"
    )
    held = _held(work)
    going = work[work["eligible"] & ~work["item_no"].isin(held["item_no"])]
    named = _named(going, work[work["can_stay"] & (~work["eligible"] | work["item_no"].isin(held["item_no"]))])
    similar = _similar(stands, held, named, tables["neighbour"], tables["bib"].set_index("bib_no")["title_key"])
    named = pd.concat([named, similar]).set_index("item_no")
    found = named.reindex(item["item_no"]).reset_index(drop=True)
    last = held.loc[held["last"] & ~held["item_no"].isin(similar["item_no"]), "item_no"]
    found["last"] = item["item_no"].isin(last).to_numpy()
    return found


def _held(work: pd.DataFrame) -> pd.DataFrame:
    """item_no, work_no, last of the items that must stay. `work` has the best copy first."""
    keeper = work["can_stay"] & ~work["eligible"]
    units = work.assign(keepers=keeper).groupby("unit_no").agg(
        work_no=("work_no", "first"), edition_rank=("edition_rank", "first"), keepers=("keepers", "sum")
    )  # fmt: skip
    best = work[work["can_stay"] & work["eligible"]].groupby("unit_no")["item_no"].first()
    newest_kept = units[units["keepers"] > 0].groupby("work_no")["edition_rank"].max()
    bare = units[units["keepers"].eq(0)].join(best, how="inner")
    bare = bare[~(bare["edition_rank"] < bare["work_no"].map(newest_kept))]
    top = bare.groupby("work_no")["edition_rank"].transform("max")
    bare = bare[bare["edition_rank"].isna() | bare["edition_rank"].eq(top)]
    keepers = units.groupby("work_no")["keepers"].sum()
    return bare.assign(last=bare["work_no"].map(keepers).eq(0))[["item_no", "work_no", "last"]]


def _named(going: pd.DataFrame, stayers: pd.DataFrame) -> pd.DataFrame:
    """item_no, survivor_item_no, survivor_kind: a copy at the branch, a copy elsewhere, the newest newer edition."""
    here = stayers.drop_duplicates(["unit_no", "branch"])[["unit_no", "branch", "item_no"]].rename(
        columns={"item_no": "here"}
    )
    unit = stayers.drop_duplicates("unit_no").set_index("unit_no")["item_no"]
    ranked = stayers[stayers["edition_rank"].notna()]
    newest = ranked.loc[ranked.groupby("work_no")["edition_rank"].idxmax()].set_index("work_no")[
        ["unit_no", "edition_rank"]
    ]
    named = going.merge(here, on=["unit_no", "branch"], how="left")
    copy = named["unit_no"].map(unit)
    newer = named["work_no"].map(newest["unit_no"]).map(unit)
    newer = newer.where(named["edition_rank"] < named["work_no"].map(newest["edition_rank"]))
    kind = np.where(copy.notna(), "copy", "edition")
    named = named.assign(survivor_item_no=named["here"].fillna(copy).fillna(newer), survivor_kind=kind)
    return named.loc[named["survivor_item_no"].notna(), ["item_no", "survivor_item_no", "survivor_kind"]]


def _similar(
    stands: pd.DataFrame, held: pd.DataFrame, named: pd.DataFrame, neighbour: pd.DataFrame, keys: pd.Series
) -> pd.DataFrame:
    """item_no, survivor_item_no, survivor_kind of held items that go after all, for a title on the same subject."""
    free = stands[stands["item_no"].isin(held.loc[~held["last"], "item_no"]) & stands["subject_literature"]]
    free = free.loc[~free["item_no"].isin(named["survivor_item_no"]), ["item_no", "bib_no", "work_no"]]
    near = stands[stands["can_stay"] & ~stands["eligible"] & stands["subject_literature"]]
    pairs = neighbour[neighbour["bib_no"].isin(free["bib_no"]) & neighbour["class"].str.len().ge(5)]
    pairs = pairs[pairs["bib_no"].map(keys).ne(pairs["other_no"].map(keys))]
    pairs = free.merge(pairs, on="bib_no").merge(
        near[["item_no", "bib_no", "work_no", "last_use"]],
        left_on="other_no",
        right_on="bib_no",
        suffixes=("", "_other"),
    )
    pairs = pairs[pairs["work_no"] != pairs["work_no_other"]].sort_values(
        ["score", "last_use", "item_no_other"], ascending=[False, False, True], na_position="last"
    )
    pairs = pairs.drop_duplicates("item_no")
    return pd.DataFrame(
        {"item_no": pairs["item_no"], "survivor_item_no": pairs["item_no_other"], "survivor_kind": "similar"}
    )
