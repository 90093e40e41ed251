"""A person is a keyed hash while a request is open, and nothing anywhere afterwards."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from collection import backup, doctor, ledger
from collection.requests import standing, taking, tokens
from collection.roles import Person
from collection.words import Problem

EVERYBODY = Person("yamada", "山田", frozenset({"librarian", "manager"}))
TITLE = {"title": "ヌレソカワを歩く", "author": "布目渚"}
SECRET = "利用者-0001234567"


def one(store, number):
    return standing.one(store, number)


def whole(store) -> bytes:
    """Every byte of every file that the store keeps for itself."""
    return b"".join(
        file.read_bytes() for file in sorted(store.rglob("*")) if file.is_file() and file.parent.name != "holdings"
    )


def test_a_hash_is_the_same_for_the_same_person_and_store_only(store, tmp_path):
    here, there = tokens.hasher(store), tokens.hasher(tmp_path / "another")
    assert here(SECRET) == here(f" {SECRET} ") == here("利用者－０００１２３４５６７") != here("利用者-0001234568")
    assert here(SECRET) != there(SECRET)
    assert here("") is here(None) is here(" ") is None
    assert len(here(SECRET)) == 64


def test_many_who_need_the_key_at_once_get_one(store):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: tokens.key(store), range(40)))) == 1
    assert [file.name for file in store.iterdir() if file.name.endswith(".part")] == []


@pytest.mark.skipif(os.name != "posix", reason="rights of files are looked at on POSIX only")
def test_key_and_hashes_are_for_their_owner_only(store, ask):
    taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])
    for name in tokens.FILES:
        assert (store / name).stat().st_mode & 0o077 == 0
    (store / tokens.KEY).chmod(0o644)
    assert any(tokens.KEY in str(finding) for finding in doctor.examine(store) if not finding.right)


def test_a_person_is_known_while_the_request_is_open_and_never_named(store, ask):
    numbers = taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])
    told = tokens.hasher(store)(SECRET)
    assert tokens.known(store) == {numbers[0]: told}
    assert SECRET.encode() not in whole(store) and told.encode() not in ledger.path(store).read_bytes()
    taking.close(store, EVERYBODY, numbers[0], one(store, numbers[0]).seq, "provided")
    assert tokens.known(store) == {}
    assert told.encode() not in whole(store)


@pytest.mark.parametrize("end", ["borrowed", "cancelled", "refused", "undone"])
def test_the_person_is_forgotten_however_it_ends(store, ask, end):
    number = taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])[0]
    seq = one(store, number).seq
    if end == "refused":
        taking.decide(store, EVERYBODY, number, seq, "refused", "基準に合わない")
    elif end == "undone":
        taking.undo(store, EVERYBODY, number, seq)
    else:
        taking.close(store, EVERYBODY, number, seq, end, "申出")
    assert tokens.known(store) == {}
    if end != "undone":
        taking.undo(store, EVERYBODY, number, one(store, number).seq)
        assert one(store, number).state == "accepted" and tokens.known(store) == {}


@pytest.mark.parametrize(
    ("title", "state"), [({"title": "本", "c_code": "7041"}, "refused"), ({"title": "帰り道"}, "unclear")]
)
def test_only_open_requests_have_a_person(store, ask, title, state):
    numbers = taking.take(store, EVERYBODY, ask(title, person=SECRET), [0])
    assert one(store, numbers[0]).state == state
    assert list(tokens.known(store)) == (list(numbers.values()) if state in standing.OPEN else [])


def test_a_person_counts_in_the_next_check(store, ask):
    taking.take(
        store,
        EVERYBODY,
        ask(*({"title": f"本{'甲乙丙丁戊'[n % 5]}{n}", "author": f"著者{n}"} for n in range(20)), person=SECRET),
        list(range(20)),
    )
    assert len(tokens.known(store)) == 20
    assert ask(TITLE, person=SECRET).row(0)["verdict"] == "over_limit"
    assert ask(TITLE, person="ほかの人").row(0)["verdict"] == ask(TITLE).row(0)["verdict"] == "accept"


def test_a_number_given_again_is_not_the_old_persons(store, ask):
    """As after a restore from before it was given: what is left of it must not go over to somebody else."""
    number = taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])[0]
    for file in store.glob("ledger.sqlite*"):
        file.unlink()
    assert taking.take(store, EVERYBODY, ask({"title": "別の本", "author": "別の人"}), [0]) == {0: number}
    assert tokens.known(store) == {}


def test_neither_file_is_in_a_backup(store, ask, tmp_path):
    taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])
    names = {entry["name"] for entry in backup.backup(store, tmp_path / "b.zip")["files"]}
    assert "ledger.sqlite" in names and not names & set(tokens.FILES)


def test_a_damaged_key_is_not_replaced_in_silence(store):
    (store / tokens.KEY).write_text("abc")
    with pytest.raises(Problem) as refused:
        tokens.hasher(store)(SECRET)
    assert tokens.KEY in str(refused.value)


# ── the doctor


def findings(store) -> list[str]:
    return [finding.key for finding in doctor.examine(store) if finding.key.startswith("requests.")]


def test_the_doctor_finds_what_is_amiss(store, ask):
    assert findings(store) == []
    number = taking.take(store, EVERYBODY, ask(TITLE, person=SECRET), [0])[0]
    assert findings(store) == ["requests.tokens_right"]
    kept = (store / tokens.KEY).read_text()
    (store / tokens.KEY).unlink()
    assert findings(store) == ["requests.key_lost"]
    (store / tokens.KEY).write_text(kept)
    with sqlite3.connect(tokens.path(store)) as connection:
        connection.execute("INSERT INTO token VALUES ('R1999-0001', 'x')")
    assert findings(store) == ["requests.tokens_left"]
    taking.close(store, EVERYBODY, number, one(store, number).seq, "provided")
    assert findings(store) == ["requests.tokens_right"] and tokens.known(store) == {}
    tokens.path(store).write_bytes(b"not a database at all" * 100)
    assert findings(store) == ["requests.tokens_damaged"]
