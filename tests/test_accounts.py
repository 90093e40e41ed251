"""Accounts: passwords, the lock, sessions that end, and what the ledger is told."""

import io
import json
import logging
import time

import argon2
import pytest

from collection import __main__ as cli
from collection import accounts, ledger, passwords
from collection.roles import Person
from collection.words import Problem

ADMIN = Person("-cli", "root", frozenset({"admin"}))
YAMADA = Person("yamada", "山田", frozenset({"librarian", "manager"}), "北口図書館")
RIGHT = "long enough 長い"


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """The real work of a password takes a tenth of a second; one test does it."""
    if "slow_hash" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", argon2.PasswordHasher(1, 8, 1))


@pytest.fixture
def slow_hash():
    pass


@pytest.fixture
def store(tmp_path):
    accounts.add(tmp_path, ADMIN, YAMADA, password=RIGHT)
    return tmp_path


def change(store, statement: str) -> None:
    """Turns the clock: sessions and locks are moved back in time."""
    with accounts.opened(store) as connection:
        connection.execute(statement)


def test_a_password_is_kept_as_argon2id_and_an_unknown_account_costs_as_much(slow_hash, store):
    with accounts.opened(store) as connection:
        kept = connection.execute("SELECT password FROM account").fetchone()[0]
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,")
    took = {}
    for number in ("yamada", "nobody"):
        begun = time.process_time()
        with pytest.raises(Problem):
            accounts.check_password(store, number, "wrong password")
        took[number] = time.process_time() - begun
    assert took["nobody"] > took["yamada"] / 3


def test_the_right_password_signs_in_however_it_is_typed(store):
    assert accounts.check_password(store, "yamada", RIGHT) == YAMADA
    assert accounts.check_password(store, " ＹＡＭＡＤＡ ", "ｌｏｎｇ enough 長い") == YAMADA


def test_whoever_may_not_reads_the_same_words(store):
    accounts.add(store, ADMIN, Person("gone", "鈴木", frozenset({"admin"})), password=RIGHT)
    accounts.disable(store, ADMIN, "gone")
    accounts.add(store, ADMIN, Person("city", "田中", frozenset({"admin"})), email="Tanaka@city.example")
    accounts.add(store, ADMIN, Person("sample", "佐藤", frozenset({"admin"})), demo=True)
    said = set()
    for number, password in [
        ("yamada", "wrong"), ("nobody", RIGHT), ("gone", RIGHT), ("city", RIGHT), ("city", ""), ("sample", ""), ("", ""),
    ]:  # fmt: skip
        with pytest.raises(Problem) as refused:
            accounts.check_password(store, number, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(store):
    for _ in range(accounts.FAILURES):
        with pytest.raises(Problem):
            accounts.check_password(store, "yamada", "wrong")
    with pytest.raises(Problem):
        accounts.check_password(store, "yamada", RIGHT)
    assert accounts.all(store)[0].locked
    change(store, "UPDATE account SET locked_until = locked_until - 15 * 60")
    with pytest.raises(Problem):  # one more wrong one does not lock at once again
        accounts.check_password(store, "yamada", "wrong")
    assert accounts.check_password(store, "yamada", RIGHT) == YAMADA
    assert not accounts.all(store)[0].locked


def test_a_right_password_begins_the_count_anew(store):
    for _ in range(3):
        for _ in range(accounts.FAILURES - 1):
            with pytest.raises(Problem):
                accounts.check_password(store, "yamada", "wrong")
        assert accounts.check_password(store, "yamada", RIGHT) == YAMADA


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 201])
def test_a_password_has_ten_characters_at_least(store, password):
    with pytest.raises(Problem):
        accounts.reset(store, ADMIN, "yamada", password or "x")


def test_a_password_is_made_when_none_is_given(store):
    made = accounts.reset(store, ADMIN, "yamada")
    assert len(made) == 19
    assert accounts.check_password(store, "yamada", made) == YAMADA
    with pytest.raises(Problem):
        accounts.check_password(store, "yamada", RIGHT)


def test_a_session_holds_until_it_is_closed(store):
    token = accounts.open_session(store, "yamada")
    assert accounts.person_of(store, token) == YAMADA
    accounts.close_session(store, token)
    assert accounts.person_of(store, token) is None
    assert accounts.person_of(store, None) is accounts.person_of(store, "guess") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session SET last_seen = last_seen - 60 * 60",
        "UPDATE session SET begun = begun - 12 * 60 * 60",
    ],
)
def test_a_session_ends_by_itself(store, statement):
    token = accounts.open_session(store, "yamada")
    change(store, statement)
    assert accounts.person_of(store, token) is None


def test_use_keeps_a_session_open_and_is_noted_once_a_minute(store):
    token = accounts.open_session(store, "yamada")
    for _ in range(3):
        change(store, "UPDATE session SET last_seen = last_seen - 59 * 60")
        assert accounts.person_of(store, token) == YAMADA
    before = accounts.path(store).stat().st_mtime_ns, accounts.path(store).with_suffix(".sqlite-wal").exists()
    accounts.person_of(store, token)
    assert (
        accounts.path(store).stat().st_mtime_ns,
        accounts.path(store).with_suffix(".sqlite-wal").exists(),
    ) == before


def test_disabling_ends_every_session_and_erases_the_password(store):
    tokens = [accounts.open_session(store, "yamada") for _ in range(2)]
    accounts.disable(store, ADMIN, "yamada")
    assert [accounts.person_of(store, token) for token in tokens] == [None, None]
    with accounts.opened(store) as connection:
        assert connection.execute("SELECT password, email FROM account").fetchone()[:] == (None, None)
    with pytest.raises(Problem):
        accounts.reset(store, ADMIN, "yamada")
    accounts.add(store, ADMIN, YAMADA, password=RIGHT)  # made anew, with other roles if wished
    assert accounts.person_of(store, tokens[0]) is None
    assert accounts.check_password(store, "yamada", RIGHT) == YAMADA


def test_a_reset_ends_every_session(store):
    token = accounts.open_session(store, "yamada")
    accounts.reset(store, ADMIN, "yamada")
    assert accounts.person_of(store, token) is None


def test_a_sign_in_at_the_provider_is_one_session(store):
    now = time.time()
    accounts.resume(store, "a" * 64, "yamada", now - 5)
    assert accounts.person_of(store, "a" * 64) == YAMADA
    accounts.close_session(store, "a" * 64)
    accounts.resume(store, "a" * 64, "yamada", now - 5)  # the browser still says so: ended stays ended
    assert accounts.person_of(store, "a" * 64) is None
    accounts.resume(store, "b" * 64, "yamada", now - accounts.WHOLE)
    assert accounts.person_of(store, "b" * 64) is None


def test_the_ledger_knows_every_change_but_no_secret(store, caplog):
    with caplog.at_level(logging.DEBUG):
        made = accounts.reset(store, ADMIN, "yamada")
        token = accounts.open_session(store, "yamada")
        accounts.check_password(store, "yamada", made)
        accounts.add(store, ADMIN, Person("city", "田中", frozenset({"admin"})), email="tanaka@city.example")
        accounts.disable(store, ADMIN, "yamada")
    with ledger.reading(store) as connection:
        rows = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
    told = [(row["subject"], row["state"], json.loads(row["details"])["change"], row["name"]) for row in rows]
    assert told == [
        ("yamada", "active", "add", "root"), ("yamada", "active", "reset", "root"),
        ("city", "active", "add", "root"), ("yamada", "disabled", "disable", "root"),
    ]  # fmt: skip
    written = b"".join(file.read_bytes() for file in store.iterdir()) + caplog.text.encode()
    for secret in (RIGHT, made, token):
        assert secret.encode() not in written
    for secret in (b"argon2", b"tanaka@city"):
        assert secret not in b"".join(file.read_bytes() for file in store.glob("ledger*"))


def test_only_an_admin_changes_accounts(store):
    with pytest.raises(Problem):
        accounts.add(store, YAMADA, Person("other", "鈴木", frozenset({"admin"})))
    with pytest.raises(Problem):
        accounts.disable(store, YAMADA, "yamada")
    assert [(each.id, each.disabled) for each in accounts.all(store)] == [("yamada", False)]


@pytest.mark.parametrize(
    "wrong",
    [
        Person("yamada", "山田", frozenset({"admin"})), Person("a/b", "山田", frozenset({"admin"})),
        Person("-cli", "山田", frozenset({"admin"})), Person("x", " ", frozenset({"admin"})),
        Person("x", "山田", frozenset()), Person("x", "山田", frozenset({"system"})),
        Person("x", "山田", frozenset({"partner"})), Person("x", "山田", frozenset({"partner", "admin"}), None, "P001"),
        Person("x", "山田", frozenset({"admin"}), None, "P001"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_are_refused(store, wrong):
    with pytest.raises(Problem):
        accounts.add(store, ADMIN, wrong, password=RIGHT)
    assert len(accounts.all(store)) == 1


def test_members_are_those_of_the_committee(store):
    for number in ("b", "a", "c"):
        accounts.add(store, ADMIN, Person(number, number, frozenset({"committee"})), demo=True)
    accounts.disable(store, ADMIN, "b")
    assert [member.id for member in accounts.members(store)] == ["a", "c"]
    assert accounts.person(store, "yamada") == YAMADA
    assert accounts.person(store, "nobody") is None


def run(store, *arguments) -> int:
    return cli.main(["user", *arguments, "--store", str(store)])


def test_the_command_line(tmp_path, capsys, monkeypatch):
    assert run(tmp_path, "add", "Yamada", "--name", "山田", "--role", "司書", "--role", "manager") == 0
    made = capsys.readouterr().out.split("パスワード: ")[1].split("（")[0]
    assert accounts.check_password(tmp_path, "yamada", made).roles == {"librarian", "manager"}
    assert run(tmp_path, "add", "yamada", "--name", "山田", "--role", "司書") == 2
    assert run(tmp_path, "add", "x", "--name", "山田", "--role", "館長") == 2
    assert "選書委員" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{RIGHT}\n"))
    assert run(tmp_path, "reset", "yamada", "--password-stdin") == 0
    assert RIGHT not in capsys.readouterr().out
    assert accounts.check_password(tmp_path, "yamada", RIGHT)
    assert run(tmp_path, "add", "tanaka", "--name", "田中", "--role", "課長", "--oidc", "Tanaka@city.example") == 0
    assert accounts.of_email(tmp_path, "tanaka@CITY.example").name == "田中"
    assert run(tmp_path, "disable", "yamada") == 0
    assert run(tmp_path, "disable", "nobody") == 2
    assert run(tmp_path, "reset") == 2
    capsys.readouterr()
    assert run(tmp_path, "list") == 0
    assert [line.split("\t")[::4] for line in capsys.readouterr().out.splitlines()] == [
        ["tanaka", "市の認証"], ["yamada", "停止"],
    ]  # fmt: skip


def test_a_branch_or_partner_must_be_in_the_holdings(flagged, tmp_path):
    (tmp_path / "holdings").symlink_to(flagged.parent)
    with pytest.raises(Problem, match="北口図書館"):
        accounts.add(tmp_path, ADMIN, Person("x", "山田", frozenset({"librarian"}), "きた"), password=RIGHT)
    with pytest.raises(Problem, match="P001"):
        accounts.add(tmp_path, ADMIN, Person("x", "学校", frozenset({"partner"}), None, "Q1"), password=RIGHT)
    accounts.add(tmp_path, ADMIN, Person("x", "学校", frozenset({"partner"}), None, "P001"), password=RIGHT)


def test_the_demo_has_a_person_of_every_role(flagged, tmp_path):
    from collection.demo import persons

    (tmp_path / "holdings").symlink_to(flagged.parent)
    persons.add(tmp_path, ADMIN)
    persons.add(tmp_path, ADMIN)
    found = accounts.all(tmp_path)
    assert {role for each in found for role in each.roles} == {"librarian", "committee", "manager", "admin", "partner"}
    assert {each.sign_in for each in found} == {"demo"}
    assert len([each for each in found if each.partner]) == 2
    with ledger.reading(tmp_path) as connection:
        assert ledger.last_seq(connection) == len(found)
