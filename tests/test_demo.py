"""The demo library: its figures, its files, and that nothing in them is real."""

import csv
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from collection import demo, words
from collection.demo import catalogue, figures, records, shelves, vocabulary

SCALE = 0.01
SHARED = Path(__file__).parents[1] / "../shared/reference"


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> dict[str, pl.DataFrame]:
    folder = tmp_path_factory.mktemp("demo")
    paths = demo.write(folder, SCALE, 1)
    return {path.stem: pl.read_csv(path, infer_schema_length=0) for path in paths}


@pytest.fixture(scope="module")
def held(written) -> pl.DataFrame:
    """Items with the facts of their bibs."""
    return written["items"].join(written["bibs"].drop("本体価格"), on="書誌番号", how="left", coalesce=True)


def shelf_class() -> pl.Expr:
    bare = pl.col("分類").str.replace("NDC9:", "")
    return pl.when(pl.col("利用対象") == "児童").then(pl.lit("K")).otherwise(bare.str.slice(0, 1))


def test_scale_one_is_the_published_table_cell_by_cell():
    full = figures.volumes(1)
    assert full.sum() == 943_628
    assert (full >= 0).all()
    published = figures.table("holdings_by_class_branch")
    for branch, volumes in published.group_by("branch", maintain_order=True):
        at = figures.branches().index(branch[0])
        assert full[at].sum(axis=1).tolist() == volumes["volumes"].to_list()
    for branch, places in figures.table("holdings_by_place").group_by("branch", maintain_order=True):
        assert full[figures.branches().index(branch[0])].sum(axis=0).tolist() == places["volumes"].to_list()


def test_scale_one_copies_fill_every_cell_without_writing_them():
    volumes = figures.volumes(1)
    bibs, copies = catalogue.build(volumes, 1)
    items = shelves.stock(bibs, copies, volumes, 1)
    made = np.zeros_like(volumes)
    np.add.at(made, tuple(items[column].to_numpy() for column in ("branch", "shelf", "place")), 1)
    assert (made == volumes).all()
    assert 590_000 < bibs.height < 650_000
    assert copies["bib"].n_unique() == bibs.height


def test_scale_one_loans_are_the_published_ones():
    loans = figures.loans(1)
    for year in (2022, 2023, 2024):
        published = figures.table("loans_by_branch").filter(pl.col("fiscal_year") == year)
        assert published["branch"].to_list() == list(figures.branches())
        assert loans[figures.YEARS.index(year)].tolist() == [
            list(row) for row in published.select("loans_general", "loans_children").iter_rows()
        ]
    assert loans.sum(axis=1).tolist() == [list(row[1:]) for row in figures.table("loans_by_year").iter_rows()]


@pytest.mark.skipif(not SHARED.exists(), reason="the published tables are not beside the project")
@pytest.mark.parametrize(
    ("ours", "theirs", "label"), [("holdings_by_class_branch", "class", "小計"), ("holdings_by_place", "place", "計")]
)
def test_reference_tables_are_retyped_right(ours, theirs, label):
    with (SHARED / f"{ours}.csv").open(encoding="utf-8-sig") as file:
        rows = {row[theirs]: row for row in csv.DictReader(file)}
    for head, volumes in figures.table(ours).group_by("head"):
        assert volumes["volumes"].sum() == int(rows["合計"][head[0]])
        assert str(volumes["volumes"][0]) == next(iter(rows.values()))[head[0]]


@pytest.mark.parametrize("scale", [0.0003, 0.01, 0.37])
def test_small_scales_keep_the_proportions(scale):
    cells, full = figures.volumes(scale).sum(axis=2), figures.holdings().sum(axis=2)
    assert cells.sum() == round(943_628 * scale)
    assert (np.abs(cells - full * cells.sum() / 943_628) < 1).all()


def test_largest_remainder_shares_out_everything():
    assert figures.largest_remainder(np.array([1, 1, 1]), 4).tolist() == [2, 1, 1]
    assert figures.largest_remainder(np.array([[3, 1], [0, 0]]), 8).tolist() == [[6, 2], [0, 0]]


def test_items_of_the_files_fill_the_scaled_cells(held):
    made = held.group_by("所蔵館", shelf=shelf_class()).len()
    wanted = figures.volumes(SCALE).sum(axis=2)
    assert held.height == wanted.sum()
    for branch, shelf, number in made.iter_rows():
        assert number == wanted[figures.branches().index(branch), figures.CLASSES.index(shelf)]


def test_loans_of_the_files_add_up_by_branch_and_kind(written, held):
    loans = written["loans"].join(held.select("資料番号", "所蔵館", "利用対象"), left_on="item_id", right_on="資料番号")
    year = pl.col("month").str.slice(0, 4).cast(pl.Int32) - (pl.col("month").str.slice(5).cast(pl.Int32) < 4).cast(
        pl.Int32
    )
    sums = loans.group_by("所蔵館", kind=(pl.col("利用対象") == "児童").cast(pl.Int32), year=year).agg(
        pl.col("loans").cast(pl.Int64).sum()
    )
    wanted = figures.loans(SCALE)
    made = np.zeros_like(wanted)
    for branch, kind, fiscal_year, number in sums.iter_rows():
        made[figures.YEARS.index(fiscal_year), figures.branches().index(branch), kind] = number
    assert (made == wanted).all()
    assert loans.height == written["loans"].height
    assert written["loans"].select("item_id", "month").is_duplicated().sum() == 0


def test_the_same_seed_gives_the_same_files_and_another_seed_others(tmp_path):
    one, two, other = (demo.write(tmp_path / name, 0.002, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert [path.read_bytes() for path in one[:3]] != [path.read_bytes() for path in other[:3]]


@pytest.mark.parametrize("scale", [0, -1, 1.5])
def test_an_impossible_scale_is_refused_in_words(tmp_path, scale):
    with pytest.raises(words.Problem, match="--scale"):
        demo.write(tmp_path, scale, 1)


def test_even_a_handful_of_items_can_be_written(tmp_path):
    paths = demo.write(tmp_path, 0.00001, 1)
    assert pl.read_csv(paths[1], infer_schema_length=0).height == 9


def test_headers_and_codes_are_those_of_the_interchange(written):
    fields = words.table("fields")
    for kind, frame in written.items():
        known = {field["ja"] if kind in ("bibs", "items") else name for name, field in fields[kind].items()}
        assert set(frame.columns) <= known
    for kind, field in [("items", name) for name in ("location", "source", "status", "condition", "retention")] + [
        ("bibs", name) for name in ("audience", "material", "local")
    ]:
        used = set(written[kind][fields[kind][field]["ja"]].drop_nulls())
        assert used <= {word["ja"] for word in words.table("codes")[field].values()}


def test_every_item_has_its_bib_and_nothing_is_dated_after_the_day(written, held):
    assert held["書名"].null_count() == 0
    assert written["items"]["資料番号"].is_unique().all()
    assert written["bibs"]["書誌番号"].is_unique().all()
    assert set(written["holds"]["bib_id"]) <= set(written["bibs"]["書誌番号"])
    for column in ("受入日", "最終貸出日", "不明確認日", "最終督促日", "発行日"):
        assert held[column].drop_nulls().max() <= "2025-04-01"
    assert held.filter(pl.col("最終貸出日") < pl.col("受入日")).is_empty()
    assert held.filter(pl.col("最終督促日") < pl.col("返却期限日")).is_empty()


def test_last_loans_agree_with_the_monthly_figures(written, held):
    lent = (
        written["loans"]
        .filter(pl.col("loans") != "0")
        .group_by("item_id")
        .agg(pl.col("month").max(), times=pl.col("loans").cast(pl.Int64).sum())
    )
    both = lent.join(held, left_on="item_id", right_on="資料番号")
    assert (both["month"] == both["最終貸出日"].str.slice(0, 7)).all()
    assert (both["times"] <= both["累計貸出回数"].cast(pl.Int64)).all()


def test_isbn_are_right_but_nobodys(written):
    isbn = written["bibs"]["ISBN"].drop_nulls().str.replace_all("-", "")
    digits = np.array([list(map(int, number)) for number in isbn])
    assert ((digits * ([1, 3] * 6 + [1])).sum(axis=1) % 10 == 0).all()
    assert isbn.str.starts_with("9794").all()  # a prefix no country has been given
    assert isbn.is_unique().all()


def test_no_column_or_value_is_about_a_person_who_borrows(written):
    for frame in written.values():
        assert not [name for name in frame.columns if re.search("利用者|氏名|住所|電話|生年|メール|カード", name)]
    assert written["loans"].columns == ["item_id", "month", "loans", "in_house"]
    text = pl.concat(
        [
            frame.select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).alias("row"))
            for frame in written.values()
        ]
    )
    assert not text["row"].str.contains(r"@|(?:^|\D)0[789]0-?\d{4}-?\d{4}(?:\D|$)").any()


def test_every_title_carries_an_invented_part(written):
    demo_words = words.table("demo")["vocabulary"]
    coin = f"(?:{'|'.join(vocabulary.parts('coin_heads'))})(?:{'|'.join(vocabulary.parts('coin_tails'))})"
    people = f"(?:{'|'.join(head[:-1] for head in vocabulary.parts('name_heads'))})(?:{'|'.join(vocabulary.parts('name_tails'))})"
    assert written["bibs"]["書名"].str.contains(f"{coin}|{people}").all()
    presses = {
        head + tail for head in vocabulary.parts("press_heads") for tail in vocabulary.parts("press_tails")
    } | set(demo_words["local_offices"].split())
    assert set(written["bibs"]["出版者"]) <= presses


def test_the_vocabulary_can_be_written_in_cp932():
    (Path(words.__file__).parent / "demo.toml").read_text(encoding="utf-8").encode("cp932")


@pytest.mark.parametrize("scale", [0.001, SCALE])
def test_every_fate_has_an_example_at_every_scale(tmp_path, scale):
    paths = {path.stem: path for path in demo.write(tmp_path, scale, 1)}
    items, bibs, retention = (
        pl.read_csv(paths[name], infer_schema_length=0) for name in ("items", "bibs", "retention")
    )
    all_items = items.join(bibs, on="書誌番号")
    missing = pl.col("状態") == "不明"
    overdue = (pl.col("状態") == "貸出中") & (pl.col("返却期限日") <= "2020-04-01")
    kept = all_items.join(retention, left_on="書誌番号", right_on="bib_id", how="left")
    examples = {
        "missing for three years": missing & (pl.col("不明確認日") < "2022-04-01"),
        "missing lately": missing & (pl.col("不明確認日") >= "2022-04-01"),
        "missing, day unknown": missing & pl.col("不明確認日").is_null(),
        "unreturned, given up": overdue & (pl.col("回収不能") == "1") & (pl.col("督促回数").cast(pl.Int32) > 0),
        "unreturned, not given up": overdue & pl.col("回収不能").is_null() & (pl.col("督促回数").cast(pl.Int32) > 0),
        "unreturned, never reminded": overdue & (pl.col("督促回数") == "0"),
        "soiled": pl.col("資料状態") == "汚損",
        "damaged": pl.col("資料状態") == "破損",
        "repairable": pl.col("資料状態") == "要修理",
        "damaged and local": pl.col("資料状態").is_in(["汚損", "破損"]) & pl.col("郷土区分").is_not_null(),
        "deposit": pl.col("受入区分") == "寄託",
        "archival": pl.col("保存区分") == "保存用",
        "serial past its time": pl.col("発行日").is_not_null()
        & (pl.col("years") == "1")
        & (pl.col("発行日") < "2024-03-01"),
        "hidden local": pl.col("書名").str.contains("西宮|甲子園|夙川|甲山|武庫川|鳴尾浜|苦楽園|門戸")
        & pl.col("郷土区分").is_null(),
    }
    absent = [name for name, condition in examples.items() if kept.filter(condition).is_empty()]
    assert not absent


def test_a_similar_title_stands_beside_an_idle_newest_edition():
    volumes = figures.volumes(SCALE)
    bibs, copies = catalogue.build(volumes, 1)
    named = records.in_words(bibs, 1).with_columns(bibs["role"], bibs["group"])
    items = shelves.stock(bibs, copies, volumes, 1).group_by("bib").agg(pl.len(), pl.col("until").max())
    rows = named.with_row_index("bib").with_columns(pl.col("bib").cast(pl.Int32)).join(items, on="bib").sort("bib")
    older, idle, neighbour = (
        rows.filter(pl.col("role") == role)
        for role in (catalogue.OLDER_KEPT, catalogue.NEWEST_IDLE, catalogue.NEIGHBOUR)
    )
    assert 0 < len(older) == len(idle) == len(neighbour)
    assert (older["title"] == idle["title"]).all()
    assert (older["edition"].is_null() & idle["edition"].is_not_null()).all()
    assert (idle["ndc"].str.replace("NDC9:", "") == neighbour["ndc"].str.replace("NDC9:", "")).all()
    assert (idle["subjects"] == neighbour["subjects"]).all()
    assert (idle["len"] == 1).all()
    assert (idle["until"] < shelves.FIRST_MONTH).all()


def test_no_slot_of_a_pattern_is_left_open(written):
    assert not written["bibs"]["書名"].str.contains(r"[{}]|null|None").any()
    assert written["items"]["請求記号"].str.contains(r"^R?[EK\d][\d.]*/\p{Katakana}(?:/.+)?$").all()


def test_partners_are_31_and_of_known_kinds(written):
    kinds = written["partners"].group_by("kind").len()
    assert written["partners"].height == 31
    assert dict(kinds.iter_rows())["保育所"] == 10
    assert written["partners"]["wants_ndc"].null_count() == 0


def test_every_subject_stands_in_the_class_it_is_counted_in():
    found = vocabulary.subjects().filter(pl.col("shelf") != "K")
    assert found.filter(pl.col("ndc").str.slice(0, 1) != pl.col("shelf")).is_empty()
