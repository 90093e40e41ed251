"""寄贈・寄託: lists and scans read, what the rules propose, opinions counted, decisions, accession, the answer."""

import csv
import io
import json
from datetime import date
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from collection import committee, criteria, decisions, ledger, policy, sheets, words
from collection.gifts import (
    accession,
    answering,
    checking,
    condition,
    deciding,
    judging,
    keeping,
    lines,
    persons,
    reading,
    scanning,
    standing,
)
from collection.ledger import Event, MovedOn, append
from collection.roles import ROLES, Person
from collection.selection import identify
from collection.sources import headers
from collection.store.connection import connect_flags, sql
from collection.words import Problem
from tests import committee_store, naive_flag, road_store, small_store
from tests.random_library import AS_OF

POLICY = road_store.POLICY
LIBRARIAN, MANAGER = road_store.LIBRARIAN, road_store.MANAGER
MEMBERS = [Person(f"c{number}", f"委員{number}", frozenset({"committee"})) for number in range(1, 5)]
BOOKS = [
    {"title": "あたらしい本", "author": "海野 灯", "condition": "good"},
    {"title": "よごれた本", "condition": "soiled", "copies": 2},
    {"title": "西宮の古い絵図", "local": "local", "condition": "damaged"},
    {"title": "算数ドリル 小学1年", "c_code": "6041"},
    {"title": "あたらしい本", "author": "海野 灯"},
]


@pytest.fixture
def store(flagged, tmp_path):
    return committee_store.copy(flagged, tmp_path)


def noted(store, rows=BOOKS, way: str = "gift", **more) -> str:
    ticket = keeping.offer(store, LIBRARIAN, way, "group", **more)
    keeping.add(store, LIBRARIAN, ticket, rows)
    return ticket


def proposed(store, flagged, ticket: str) -> checking.Proposed:
    offer, found = standing.one(store, ticket)
    snapshot = flagged.with_name(flagged.name.split(".")[0] + ".duckdb")
    with identify.opened(snapshot) as titles, connect_flags(flagged) as cursor:
        decisions.attach(titles, store)
        decisions.attach(cursor, store)
        before = standing.before(store, ticket)
        return checking.propose(titles, cursor, store, POLICY, found, before, offer.way, small_store.demo.AS_OF)


def stub(ticket: str, rows: list[tuple]) -> pl.DataFrame:
    """Rows of a proposal as `decide` reads them: place, proposal, why."""
    told = [
        {"line": f"{ticket}/{place}", "proposal": proposal, "why": why, "rule": "km-12-1", "own": "km-12-1", "reason": "理由", "take": 1}
        for place, proposal, why in rows
    ]  # fmt: skip
    return pl.DataFrame(told, schema=checking.ROW)


def states(store, ticket: str) -> list[str]:
    return standing.one(store, ticket)[1]["state"].to_list()


# ── nobody is named


@pytest.mark.parametrize(
    ("text", "kind"),
    [("断るときは返してほしい", None), ("090-1234-5678 に連絡", "phone"), ("taro@example.jp へ", "email"),
     ("西宮市高木東町14番地", "address"), ("田中一郎", "name"), ("佐藤様より", "name"), ("故人の蔵書、鈴木 花子 さん", "name"),
     ("山川文庫", None), ("10年間預ける", None), ("", None)],
)  # fmt: skip
def test_what_looks_like_a_person_is_seen(text, kind):
    assert persons.found_in(text) == kind


def test_an_offer_never_keeps_a_person(store):
    for text in ("090-1234-5678", "taro@example.jp"):
        with pytest.raises(Problem, match="消してから"):
            keeping.offer(store, LIBRARIAN, "gift", "person", text, confirmed=True)
    with pytest.raises(Problem, match="人の名らしい"):
        keeping.offer(store, LIBRARIAN, "gift", "person", "田中一郎")
    ticket = keeping.offer(store, LIBRARIAN, "gift", "author", "田中一郎", confirmed=True)
    with pytest.raises(Problem, match="人の名らしい"):
        keeping.add(store, LIBRARIAN, ticket, [{"title": "本", "note": "佐藤様より"}])
    kept = set(json.loads(standing_event(store, ticket)["details"]))
    assert kept == {"way", "category", "conditions", "named"}


def standing_event(store, subject: str):
    with ledger.reading(store) as connection:
        return ledger.latest(connection, "gift", [subject])[subject]


# ── lists and scans


LIST = """書名,著者名,出版者,出版年,ISBN,分類,冊数,状態,備考
海辺の本,海野 灯,波止場書房,2019.4,978-4-10-101001-4,913.6,2,良,初版
よごれた本,,,,,,,汚損,カバーなし
,,,,4101010013,,1,,函あり
,,,,,,1,良,
読めない本,,,,,,たくさん,良,
読めない本,,,,,,1,ぼろぼろ,
だれかの本,,,,,,1,,佐藤様より
年のない本,,,むかし,,,1,,
"""


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx"])
def test_every_row_of_a_list_is_taken_or_told(tmp_path, form):
    path = tmp_path / f"list.{form}"
    rows = list(csv.reader(io.StringIO(LIST)))
    if form == "xlsx":
        path.write_bytes(sheets.xlsx_bytes(pl.DataFrame(rows[1:], schema=rows[0], orient="row"), "一覧"))
    else:
        path.write_text("\n".join(("," if form == "csv" else "\t").join(row) for row in rows), encoding="utf-8")
    found = reading.read(path)
    assert found.unread == {"nothing": [5], "copies": [6], "condition": [7]}
    assert found.blanked == {"note": [8], "pub_year": [9]}
    assert len(found.rows) + sum(map(len, found.unread.values())) == len(rows) - 1
    first, second, third, *_ = found.rows
    assert first["isbn"] == "9784101010014" and first["copies"] == 2 and first["condition"] == "good"
    assert (first["title"], first["pub_year"], first["ndc"]) == ("海辺の本", 2019, "913.6")
    assert second["condition"] == "soiled" and second["note"] == "カバーなし" and second["copies"] == 1
    assert third["isbn"] == "9784101010014" and "title" not in third


@pytest.mark.parametrize("column", ["寄贈者", "寄贈者名", "氏名", "住所", "電話番号", "メールアドレス"])
def test_a_list_with_a_column_about_donors_is_refused(tmp_path, column):
    path = tmp_path / "list.csv"
    path.write_text(f"書名,{column}\n海辺の本,だれか\n", encoding="utf-8")
    with pytest.raises(Problem, match=column):
        reading.read(path)


def test_a_list_without_titles_is_no_list(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("分類,冊数\n913,1\n", encoding="utf-8")
    with pytest.raises(Problem, match="書名"):
        reading.read(path)


@pytest.mark.parametrize(
    ("text", "facts"),
    [("9784101010014", {"isbn": "9784101010014"}), ("978-4-10-101001-4", {"isbn": "9784101010014"}),
     ("４１０１０１００１３", {"isbn": "9784101010014"}), ("1920093015002", {"c_code": "0093", "price": 1500}),
     ("本／海野 灯／波止場", {"title": "本", "author": "海野 灯", "publisher": "波止場"}), ("1Q84", {"title": "1Q84"}),
     ("本／／波止場", {"title": "本", "publisher": "波止場"})],
)  # fmt: skip
def test_what_a_scan_says(text, facts):
    assert scanning.read(text).facts == facts


@pytest.mark.parametrize("text", ["9784101010015", "4901234567894", "／海野"])
def test_what_is_no_book_is_told(text):
    with pytest.raises(Problem):
        scanning.read(text)


def test_books_scanned_one_after_another(store, facts):
    ticket = keeping.offer(store, LIBRARIAN, "gift", "person")
    [(held, title)] = facts.execute(
        "SELECT isbn, title FROM facts_of_day.bib WHERE isbn IS NOT NULL LIMIT 1"
    ).fetchall()

    def scan(text: str):
        return scanning.take(store, facts, LIBRARIAN, ticket, text, "good")

    with pytest.raises(Problem, match="先に"):
        scan("1920093015002")
    said = [
        scan(text) for text in (held, "9784101010014", "あたらしい物語／波間 栞", "1920093015002", held, " ", "詩集")
    ]
    assert [taken and taken.what for taken in said] == ["new", "isbn", "title", "more", "copy", None, "new"]
    _, found = standing.one(store, ticket)
    assert found["title"].to_list() == [title, "あたらしい物語", "詩集"]
    assert found["copies"].to_list() == [2, 1, 1]
    assert found.row(1, named=True) | {"price": 1500, "c_code": "0093", "condition": "good"} == found.row(1, named=True)
    lines_undone = [scanning.undo(store, LIBRARIAN, ticket) for _ in range(2)]
    assert lines_undone == [f"{ticket}/3", f"{ticket}/1"]
    assert standing.one(store, ticket)[1]["copies"].to_list() == [1, 1]


# ── what the rules propose


CASE = {
    "verdict": "accept", "bib_no": None, "kind": None, "holds": 0, "other_copies": 0, "sound": 0, "worn": 0, "loans_1y": None,
    "branches": 12, "own_year": None, "other_year": None, "title": "本", "copies": 1, "pub_year": None, "asked": 0, "rules": None,
    "hints": [], "condition": None, "alike": False, "own": "own", "enough": "enough",
}  # fmt: skip
HELD = {"verdict": "held", "bib_no": 7, "kind": "same", "sound": 1, "loans_1y": 0}
EDITION = HELD | {"kind": "edition", "own_year": 2010}


@pytest.mark.parametrize(
    ("case", "proposal", "why", "take"),
    [
        ({}, "accept", "free", 1),
        ({"asked": 1}, "accept", "asked_for", 1),
        ({"title": None}, "committee", "unclear", 1),
        ({"verdict": "unclear"}, "committee", "unclear", 1),
        ({"rules": ("refuse", "a")}, "decline", "rules", 0),
        ({"rules": ("refuse", "a"), "hints": ["b"]}, "committee", "priority", 1),
        ({"rules": ("committee", "a")}, "committee", "doubt", 1),
        ({"condition": ("decline", "c")}, "decline", "worn", 0),
        ({"condition": ("spared", "c")}, "committee", "spared", 1),
        ({"verdict": "duplicate"}, "committee", "again", 1),
        ({"verdict": "on_order"}, "decline", "on_order", 0),
        ({"verdict": "on_order", "asked": 1}, "accept", "asked_for", 1),
        ({"alike": True}, "committee", "alike", 1),
        (HELD, "decline", "enough", 0),
        (HELD | {"hints": ["b"]}, "committee", "priority", 1),
        (HELD | {"sound": 0, "worn": 1}, "accept", "replace", 1),
        (HELD | {"worn": 1}, "decline", "enough", 0),
        (HELD | {"holds": 4, "copies": 5}, "accept", "asked_for", 1),
        (HELD | {"holds": 3}, "decline", "enough", 0),
        (HELD | {"loans_1y": 13, "copies": 3}, "accept", "asked_for", 1),
        (HELD | {"loans_1y": 12}, "accept", "asked_for", 1),
        (HELD | {"loans_1y": 11}, "decline", "enough", 0),
        (HELD | {"loans_1y": 40, "branches": 2, "sound": 3, "copies": 9}, "accept", "asked_for", 1),
        (EDITION, "committee", "other_edition", 1),
        (EDITION | {"pub_year": 2010}, "committee", "other_edition", 1),
        (EDITION | {"pub_year": 2011}, "accept", "newer", 1),
        (EDITION | {"pub_year": 2011, "other_year": 2020}, "committee", "other_edition", 1),
        (HELD | {"sound": 0, "other_copies": 2, "other_year": 2000, "pub_year": 2001}, "accept", "newer", 1),
    ],
)
def test_what_is_proposed(case, proposal, why, take):
    """運用値: 複本1冊の予約 3, 複本1冊の年間貸出 12, よく借りられる貸出 6."""
    told = judging.judge(POLICY, CASE | case)
    assert (told["proposal"], told["why"], told["take"]) == (proposal, why, take)
    assert why in judging.WHYS[proposal]


@given(
    holds=some.integers(0, 40),
    asked=some.integers(0, 5),
    loans=some.none() | some.integers(0, 400),
    branches=some.integers(0, 15),
)
def test_copies_there_should_be(holds, asked, loans, branches):
    """The least number that serves the holds and the loans; or one at each branch as long as each is still well lent."""
    values = POLICY.parameters
    least = 1
    while least * values["複本1冊の予約"] < holds + asked or least * values["複本1冊の年間貸出"] < (loans or 0):
        least += 1
    well = 0
    while well < branches and (loans or 0) >= (well + 1) * values["よく借りられる貸出"]:
        well += 1
    case = {"holds": holds, "asked": asked, "loans_1y": loans, "branches": branches}
    assert judging.wanted(POLICY, case) == max(least, well)


CASES = some.fixed_dictionaries({
    "verdict": some.sampled_from(["accept", "held", "refuse", "committee", "duplicate", "on_order", "unclear"]),
    "kind": some.sampled_from([None, "same", "edition"]), "bib_no": some.none() | some.integers(0, 9),
    "holds": some.integers(0, 9), "other_copies": some.integers(0, 2), "sound": some.integers(0, 3), "worn": some.integers(0, 3),
    "loans_1y": some.none() | some.integers(0, 60), "own_year": some.none() | some.integers(2000, 2004),
    "other_year": some.none() | some.integers(2000, 2004), "pub_year": some.none() | some.integers(2000, 2004),
    "title": some.sampled_from([None, "本"]), "copies": some.integers(1, 5), "asked": some.integers(0, 2),
    "rules": some.sampled_from([None, ("refuse", "a"), ("committee", "a")]), "hints": some.sampled_from([[], ["b"]]),
    "condition": some.sampled_from([None, ("decline", "c"), ("spared", "c")]), "alike": some.booleans(),
})  # fmt: skip


@given(CASES)
def test_what_can_be_relied_on_whatever_is_offered(case):
    case = CASE | case
    told = judging.judge(POLICY, case)
    proposal = told["proposal"]
    assert told["why"] in judging.WHYS[proposal]
    assert (told["take"] == 0) == (proposal == "decline") and told["take"] <= case["copies"]
    if proposal == "decline":
        assert not case["hints"]
    if proposal == "accept":
        assert (
            (case["rules"] or ("",))[0] not in ("refuse", "committee")
            and case["condition"] is None
            and not case["alike"]
        )
        assert case["title"] or case["bib_no"] is not None
    if told["why"] == "enough":
        assert case["kind"] == "same" and case["sound"] >= told["wanted"]
    if told["why"] == "replace":
        assert case["worn"] and case["sound"] < told["wanted"]
    more = judging.judge(POLICY, case | {"hints": ["b"]})
    assert more["proposal"] == (proposal if proposal != "decline" else "committee")


def naive_held(library: dict, rows: dict[int, dict], decided: dict[str, dict]) -> dict[int, dict]:
    """bib_no → figures of gifts_held.sql, item by item."""
    bibs, found = library["bib"], {}
    for bib in bibs:
        parts: dict = {}
        others = []
        for item in library["item"]:
            if (
                item["item_no"] not in rows
                or item["bib_no"] is None
                or item["status"] == "missing"
                or item["unrecoverable"]
            ):
                continue
            known, own = decided.get(item["item_id"], {}), bibs[item["bib_no"]]
            if (
                known.get("tag") == "withdraw"
                or known.get("road") not in (None, "readmitted")
                or own["work_no"] != bib["work_no"]
            ):
                continue
            if own["unit_no"] != bib["unit_no"]:
                others.append(own["pub_year"])
                continue
            worn = item["condition"] in ("repairable", "soiled", "damaged") or known.get("tag") == "replace"
            row = rows[item["item_no"]]
            part = parts.setdefault(row["unit"], {"sound": 0, "worn": 0, "loans_1y": 0, "years": []})
            part["sound"] += row["usable"] and not worn
            part["worn"] += worn
            part["loans_1y"] += row["loans_1y"]
            part["years"].append(own["pub_year"])
        years = [year for part in parts.values() for year in part["years"] if year]
        found[bib["bib_no"]] = {
            "sound": max((part["sound"] for part in parts.values()), default=0),
            "worn": max((part["worn"] for part in parts.values()), default=0),
            "loans_1y": max((part["loans_1y"] for part in parts.values()), default=None),
            "own_year": max(years, default=None), "other_year": max((year for year in others if year), default=None),
        }  # fmt: skip
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_held_equals_the_naive_twin(tmp_path, seed):
    rng = Random(seed)
    flags, library = road_store.random_store(tmp_path, rng, 160, 0.3)
    decided = {
        item["item_id"]: {"tag": rng.choice(["replace", "withdraw", "keep"])}
        for item in library["item"]
        if rng.random() < 0.3
    }
    with ledger.writing(tmp_path) as connection:
        append(connection, LIBRARIAN, [
            Event("tag", item, known["tag"], item_id=item, reason="試し") for item, known in decided.items()
        ])  # fmt: skip
    expected = naive_held(library, naive_flag.facts(POLICY, library), decided)
    with connect_flags(flags) as cursor:
        decisions.attach(cursor, tmp_path)
        query = sql("queries/gifts_held").format(leaving=sql("queries/duplicates_leaving"))
        found = cursor.sql(query, params={"asked": list(expected)}).pl().rows_by_key("bib_no", named=True, unique=True)
    branches = len({row["branch"] for row in naive_flag.facts(POLICY, library).values()})
    assert {number: row | {"branches": branches} for number, row in expected.items()} == found


def test_the_condition_is_weighed_by_the_criterion_for_held_copies(facts):
    """要綱 第8条第2項第1号 and what keeps from it, on an offered title."""
    rows = [
        {"line": "1", "title": "本", "condition": "soiled"}, {"line": "2", "title": "本", "condition": "good"},
        {"line": "3", "title": "本", "condition": "repairable"}, {"line": "4", "title": "本", "condition": "damaged", "local": "local"},
        {"line": "5", "title": "本"},
    ]  # fmt: skip
    found = lines.frame(rows)
    told = {row: said[:2] for row, said in condition.answers(facts, POLICY, found, "gift", AS_OF).items()}
    assert told == {0: ("decline", "km-8-2-1"), 2: ("spared", "km-8-2-1-repair"), 3: ("spared", "km-5-2-1")}
    of_deposit = condition.answers(facts, POLICY, found, "deposit", AS_OF)
    assert of_deposit[0][:2] == ("spared", "km-13-2")


def test_another_city_weighs_the_condition_by_its_own_criterion(facts):
    city = policy.load(small_store.PACK.parent / "minato-machi", small_store.demo.AS_OF)
    [criterion] = [
        rule
        for rule in city.rules
        if criteria.turning(city).get(rule.clause) == "condition" and rule.effect == "candidate"
    ]
    found = lines.frame(
        [{"line": "1", "title": "本", "condition": "damaged"}, {"line": "2", "title": "本", "condition": "good"}]
    )
    told = condition.answers(facts, city, found, "gift", AS_OF)
    assert {row: said[:2] for row, said in told.items()} == {0: ("decline", criterion.id)}


def test_lines_of_an_offer_are_weighed_together(store, flagged, facts):
    query = """
        SELECT item.item_id, bib.title, bib.author, bib.isbn FROM judged JOIN facts_of_day.item AS item USING (item_no)
        JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
        WHERE bib.isbn IS NOT NULL AND judged.copies = 1 AND judged.loans_1y < 6 AND judged.holds = 0 AND item.status = 'available'
            AND item.condition = 'good' AND bib.local IS NULL AND bib.edition_rank IS NULL AND judged.material = 'book'
            AND bib.unit_no IN (SELECT unit_no FROM facts_of_day.bib GROUP BY unit_no HAVING count(*) = 1)
        ORDER BY item.item_no LIMIT 2
    """
    (held, title, author, isbn), (worn, *_, worn_isbn) = facts.execute(query).fetchall()
    with ledger.writing(store) as connection:
        append(connection, LIBRARIAN, [Event("tag", worn, "replace", item_id=worn, reason="いたみ")])
    more = [{"title": title, "author": author, "isbn": isbn}, {"isbn": worn_isbn}, {"isbn": "9784101010014"}]
    ticket = noted(store, [*BOOKS, *more])
    found = proposed(store, flagged, ticket).rows
    assert found.select("proposal", "why").rows() == [
        ("accept", "free"), ("decline", "worn"), ("committee", "spared"), ("decline", "rules"), ("committee", "again"),
        ("decline", "enough"), ("accept", "replace"), ("committee", "unclear"),
    ]  # fmt: skip
    assert found["rule"].to_list()[:2] == ["km-12-1", "km-8-2-1"] and found["rule"][5] == "cc-3-1-5"
    assert found["article"][1] == "資料収集管理要綱 第8条第2項第1号"
    assert f"{ticket}/1" in found["reason"][4] and "第8条" not in found["reason"][5]
    assert all(found["reason"])


def test_a_deposit_is_weighed_under_its_own_article_and_after_earlier_offers(store, flagged):
    first = noted(store, [{"title": "海辺の年代記", "author": "海野 灯"}])
    ticket = noted(
        store, [{"title": "海辺の年代記", "author": "海野 灯"}, {"title": "ただの本", "author": "波間"}], "deposit"
    )
    found = proposed(store, flagged, ticket).rows
    assert found.select("why", "rule").rows() == [("again", "km-13-1"), ("free", "km-13-1")]
    assert f"{first}/1" in found["reason"][0]
    assert proposed(store, flagged, first).rows["why"].to_list() == ["free"]


def test_a_request_that_waits_speaks_for_a_gift(store, flagged):
    details = {"title": "海辺の年代記", "author": "海野 灯", "received_on": "2025-04-01"}
    with ledger.writing(store) as connection:
        append(connection, LIBRARIAN, [Event("take_request", "R2025-001", "accepted", details=details)])
    found = proposed(store, flagged, noted(store, [{"title": "海辺の年代記", "author": "海野 灯"}])).rows
    assert found.select("proposal", "why", "asked").row(0) == ("accept", "asked_for", 1)


# ── the committee


OPINION = some.tuples(some.integers(0, 4), some.integers(0, 5), some.sampled_from(["for", "against", "later"]))


@given(some.lists(OPINION, max_size=25, unique_by=lambda vote: vote[:2]), some.integers(1, 6))
def test_opinions_are_counted_as_votes_of_the_committee_are(votes, count):
    members = [Person(f"m{number}", f"委員{number}", frozenset({"committee"})) for number in range(count)]
    found = pl.DataFrame({"line": [f"G2025-001/{number}" for number in range(5)]})
    rows = [(f"G2025-001/{line}", f"m{member}", "", choice, "", "") for line, member, choice in votes]
    cast = pl.DataFrame(
        rows,
        schema=dict.fromkeys(("item_id", "person", "name", "choice", "comment", "on_day"), pl.String),
        orient="row",
    )
    told = standing.outcomes(found, cast, members, POLICY).rows_by_key("line", named=True, unique=True)
    for number in range(5):
        own = [choice for line, member, choice in votes if line == number and member < count]
        enough = len(own) >= min(POLICY.parameters["受け持つ委員の数"], count) and own
        outcome = "later"
        for choice in ("for", "against"):
            if enough and own.count(choice) / len(own) > POLICY.parameters["委員会の賛成割合"]:
                outcome = choice
        row = told[f"G2025-001/{number}"]
        assert [row[name] for name in ("for", "against", "later")] == [
            own.count(name) for name in ("for", "against", "later")
        ]
        assert row["outcome"] == outcome


def test_members_vote_and_the_manager_decides(store):
    ticket = noted(store)
    rules = stub(ticket, [(1, "accept", "free"), (2, "decline", "worn"), (3, "committee", "spared"), (4, "decline", "rules"),
                          (5, "committee", "again")])  # fmt: skip
    acts = {f"{ticket}/1": "accept_gift", f"{ticket}/2": "decline_gift"}

    def decide(chosen: dict, reason: str = "", person=MANAGER):
        return deciding.decide(store, person, POLICY, MEMBERS, rules, chosen, reason)

    with pytest.raises(Problem, match="意見を出した委員が足りません（0人、必要な数は2人）"):
        decide(acts)
    for member in MEMBERS[:2]:
        given = {f"{ticket}/1": ("for", ""), f"{ticket}/2": ("against", "汚れがひどい"), f"{ticket}/3": ("for", "")}
        assert deciding.vote(store, member, ticket, given) == 3
        assert deciding.vote(store, member, ticket, given) == 0
    assert decide(acts) == 2
    assert states(store, ticket) == ["accepted", "declined", "offered", "offered", "offered"]
    with pytest.raises(Problem, match="理由"):
        decide({f"{ticket}/3": "decline_gift"})
    with pytest.raises(Problem, match="理由"):
        decide({f"{ticket}/4": "decline_gift"})
    assert decide({f"{ticket}/3": "decline_gift", f"{ticket}/4": "decline_gift"}, "保存できないため") == 2
    _, found = standing.one(store, ticket)
    assert found.select("state", "why", "reason").rows()[1:4] == [
        ("declined", "worn", "理由"), ("declined", "committee", "保存できないため"), ("declined", "rules", "保存できないため"),
    ]  # fmt: skip
    event = standing_event(store, f"{ticket}/1")
    details = json.loads(event["details"])
    assert details["tally"] == {"for": 2, "against": 0, "later": 0} and (details["voted"], details["members"]) == (2, 4)
    assert details["take"] == 1 and event["clause"] == "12-1" and event["evidence"]
    with pytest.raises(Problem, match="理由"):
        decide({f"{ticket}/2": "accept_gift"})
    assert decide({f"{ticket}/2": "accept_gift"}, "補修できる") == 1
    with pytest.raises(Problem, match="いまはできません"):
        deciding.vote(store, MEMBERS[0], ticket, {f"{ticket}/1": ("against", "")})


def test_an_opinion_may_change_and_only_the_last_counts(store):
    ticket = noted(store)
    for opinion in ("for", "later", "against"):
        deciding.vote(store, MEMBERS[0], ticket, {f"{ticket}/1": (opinion, "")})
    given = standing.opinions(store, ticket)
    assert given.select("item_id", "person", "choice").rows() == [(f"{ticket}/1", "c1", "against")]


def test_the_wrong_roles_are_refused(store):
    ticket = noted(store)
    _, found = standing.one(store, ticket)
    rules = stub(ticket, [(1, "accept", "free")])
    given = {f"{ticket}/1": ("for", "")}
    deciding.vote(store, MEMBERS[0], ticket, given)
    deciding.vote(store, MEMBERS[1], ticket, given)
    acts = {
        ("librarian",): [
            lambda who: keeping.offer(store, who, "gift", "person"), lambda who: keeping.add(store, who, ticket, [{"title": "本"}]),
            lambda who: keeping.change(store, who, found.row(0, named=True), copies=2),
            lambda who: keeping.take_back(store, who, found.head(1)), lambda who: keeping.undo(store, who, found.head(1)),
            lambda who: keeping.receive(store, who, {f"{ticket}/1": []}, {f"{ticket}/1": found["seq"][0]}),
            lambda who: keeping.settle(store, who, POLICY, "gift", found.head(1), "returned"),
        ],
        ("committee",): [lambda who: deciding.vote(store, who, ticket, {f"{ticket}/2": ("for", "")})],
        ("manager",): [
            lambda who, act=act: deciding.decide(store, who, POLICY, MEMBERS, rules, {f"{ticket}/1": act}, "試し")
            for act in ("accept_gift", "decline_gift")
        ],
    }  # fmt: skip
    before = states(store, ticket)
    for allowed, verbs in acts.items():
        for role in set(ROLES) - set(allowed):
            for verb in verbs:
                with pytest.raises(Problem, match="操作"):
                    verb(Person("x", "だれか", frozenset({role})))
    assert states(store, ticket) == before


# ── the ledger


def test_ticket_numbers_are_given_once(store):
    first = noted(store)
    second = keeping.offer(store, LIBRARIAN, "gift", "person")
    keeping.take_back(store, LIBRARIAN, lines.frame([]), "取り消し", second)
    third = keeping.offer(store, LIBRARIAN, "gift", "person")
    assert [ticket[5:] for ticket in (first, second, third)] == ["-001", "-002", "-003"]
    assert [offer.ticket for offer in standing.offers(store)] == [third, first]
    _, found = standing.one(store, first)
    keeping.take_back(store, LIBRARIAN, found.tail(1))
    assert keeping.add(store, LIBRARIAN, first, [{"title": "もう一冊"}]) == [f"{first}/6"]
    with pytest.raises(Problem, match="ありません"):
        keeping.add(store, LIBRARIAN, second, [{"title": "本"}])


def test_an_offer_goes_back_whole_only_while_nothing_is_decided(store):
    ticket = noted(store)
    _, found = standing.one(store, ticket)
    with pytest.raises(Problem, match="ほかの行"):
        keeping.take_back(store, LIBRARIAN, found.head(2), "", ticket)
    assert keeping.take_back(store, LIBRARIAN, found, "", ticket) == 5
    assert standing.offers(store) == []


def test_nobody_mends_or_undoes_what_he_has_not_seen(store):
    ticket = noted(store)
    _, found = standing.one(store, ticket)
    keeping.change(store, LIBRARIAN, found.row(0, named=True), copies=3)
    with pytest.raises(MovedOn):
        keeping.change(store, LIBRARIAN, found.row(0, named=True), copies=4)
    with pytest.raises(MovedOn):
        keeping.undo(store, LIBRARIAN, found.head(1))
    assert standing.one(store, ticket)[1]["copies"][0] == 3


def accepted(store, count: int = 2) -> str:
    ticket = noted(
        store,
        [{"title": f"本{number}", "condition": "good", "local": "local;sake"} for number in range(count)],
        named="海辺文庫",
    )
    for member in MEMBERS[:2]:
        deciding.vote(store, member, ticket, {f"{ticket}/{n + 1}": ("for", "") for n in range(count)})
    rules = stub(ticket, [(n + 1, "accept", "free") for n in range(count)]).with_columns(take=pl.lit(2, pl.Int64))
    deciding.decide(store, MANAGER, POLICY, MEMBERS, rules, {f"{ticket}/{n + 1}": "accept_gift" for n in range(count)})
    return ticket


def test_what_is_accepted_is_listed_for_accession_and_received(store):
    ticket = accepted(store)
    listed = accession.listed(standing.lines(store, "accepted"), standing.offers(store), date.today())
    assert listed["days"].to_list() == [0, 0] and listed["take"].to_list() == [2, 2]
    table = list(csv.DictReader(io.StringIO(accession.file(listed, "csv").decode("utf-8-sig"))))
    assert (
        len(table) == 4
        and {row["受入区分"] for row in table} == {"寄贈"}
        and {row["郷土区分"] for row in table} == {"郷土;酒"}
    )
    assert {row["備考"] for row in table} == {f"{ticket}/{n} 海辺文庫" for n in (1, 2)}
    known = headers.known("bibs") | headers.known("items")
    assert all(headers.header_key(name) in known for name in table[0])
    seen = dict(listed.select("line", "seq").iter_rows())
    with pytest.raises(Problem, match="N1"):
        keeping.receive(store, LIBRARIAN, {f"{ticket}/1": ["N1", "N2"], f"{ticket}/2": ["N1"]}, seen)
    keeping.receive(store, LIBRARIAN, {f"{ticket}/1": ["N1", "N2"]}, seen)
    with pytest.raises(Problem, match="N2"):
        keeping.receive(store, LIBRARIAN, {f"{ticket}/2": ["N2"]}, seen)
    keeping.receive(store, LIBRARIAN, {f"{ticket}/2": []}, seen)
    _, found = standing.one(store, ticket)
    assert found.select("state", "take", "items").rows() == [("received", 2, ["N1", "N2"]), ("received", 2, [])]
    assert standing_event(store, f"{ticket}/1")["item_id"] == "N1"
    keeping.undo(store, LIBRARIAN, found.head(1), "番号を取り違えた")
    assert states(store, ticket) == ["accepted", "received"]


def test_what_is_declined_follows_the_rule_of_the_pack(store):
    ticket = noted(store)
    rules = stub(ticket, [(n + 1, "decline", "worn") for n in range(5)])
    for member in MEMBERS[:2]:
        deciding.vote(store, member, ticket, {f"{ticket}/{n + 1}": ("against", "") for n in range(5)})
    deciding.decide(store, MANAGER, POLICY, MEMBERS, rules, {f"{ticket}/{n + 1}": "decline_gift" for n in range(5)})
    _, found = standing.one(store, ticket)
    assert POLICY.parameters["断った寄贈の扱い"] == "返却する"
    assert keeping.settle(store, LIBRARIAN, POLICY, "gift", found.head(3), "returned") == 3
    with pytest.raises(Problem, match="返却済"):
        keeping.settle(store, LIBRARIAN, POLICY, "gift", found.tail(1), "disposed")
    assert keeping.settle(store, LIBRARIAN, POLICY, "gift", found.tail(1), "disposed", "処分してよいと言われた") == 1
    with pytest.raises(Problem, match="返すほか"):
        keeping.settle(store, LIBRARIAN, POLICY, "deposit", found[3:4], "passed_on", "ほしい人がいる")
    assert states(store, ticket) == ["returned"] * 3 + ["declined", "disposed"]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_answer_names_books_and_clauses_but_no_person(store, lang):
    ticket = accepted(store, 1)
    other = noted(store)
    rules = stub(other, [(1, "accept", "free"), (2, "decline", "worn")]).with_columns(
        rule=pl.when(pl.col("proposal") == "decline").then(pl.lit("km-8-2-1")).otherwise("rule")
    )
    for member in MEMBERS[:2]:
        deciding.vote(store, member, other, {f"{other}/1": ("for", ""), f"{other}/2": ("against", "")})
    deciding.decide(store, MANAGER, POLICY, MEMBERS, rules, {f"{other}/1": "accept_gift", f"{other}/2": "decline_gift"})
    token = words.language.set(lang)
    try:
        texts = [answering.text(POLICY, *standing.one(store, one)) for one in (ticket, other)]
        paper = answering.pdf(POLICY, *standing.one(store, other), "2025-04-02")
    finally:
        words.language.reset(token)
    assert ticket in texts[0] and "海辺文庫" in texts[0]
    assert "よごれた本" in texts[1] and "8" in texts[1] and "算数ドリル" in texts[1]
    assert not any(member.name in text for text in texts for member in (*MEMBERS, MANAGER, LIBRARIAN))
    assert paper.startswith(b"%PDF")


def test_the_committees_own_votes_are_counted_as_before():
    entries = pl.DataFrame({"item_id": ["a", "b"]})
    votes = pl.DataFrame({"item_id": ["a", "a", "b"], "choice": ["withdraw", "withdraw", "keep"]})
    told = committee.outcomes(entries, votes, 3, POLICY.parameters)
    assert told.select("item_id", "withdraw", "keep", "hold", "cast", "outcome").rows() == [
        ("a", 2, 0, 0, 2, "withdraw"), ("b", 0, 1, 0, 1, "hold"),
    ]  # fmt: skip
