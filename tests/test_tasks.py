"""What ホーム says is waiting, for each role, along the way of one list."""

from datetime import date, timedelta

from collection import ledger, tasks
from collection.ledger import Event, append
from collection.roles import Person

LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))
MEMBER = Person("tanaka", "田中", frozenset({"committee"}))
MANAGER = Person("sato", "佐藤", frozenset({"manager"}))
LIST = {
    "title": "試し", "filter": {"query": {}, "words": ""}, "source": "tags", "operating": {}, "policy": "p", "policy_hash": "0",
    "as_of": "2025-04-01", "snapshot": "s", "flags": "f", "items": 2, "members": [],
}  # fmt: skip


def waiting(store, person: Person, day: date | None = None) -> dict[str, int]:
    return {task.key: task.n for task in tasks.tasks(store, person, day or date.today())}


def write(store, person: Person, *events: Event) -> None:
    with ledger.writing(store) as connection:
        append(connection, person, list(events))


def on_list(kind: str, item: str, state: str | None = None, **details) -> Event:
    return Event(kind, item, state, item_id=item, list_no="2026-001", details=details)


def test_nothing_waits_in_a_new_store(tmp_path):
    for person in (LIBRARIAN, MEMBER, MANAGER):
        assert waiting(tmp_path, person) == {}


def test_requests_before_the_committee_wait_for_the_manager(tmp_path):
    for number in "12":
        write(tmp_path, LIBRARIAN, Event("take_request", number, "to_committee"))
    write(tmp_path, LIBRARIAN, Event("take_request", "3", "accepted"))
    assert waiting(tmp_path, MANAGER) == {"requests_to_decide": 2}
    assert waiting(tmp_path, LIBRARIAN) == {}


def test_each_step_waits_for_the_one_who_takes_it(tmp_path):
    write(tmp_path, LIBRARIAN, *(Event("tag", item, "withdraw", item_id=item) for item in "123"))
    assert waiting(tmp_path, LIBRARIAN) == {"to_list": 3}
    entered = [on_list("enter", item, readers=["tanaka"]) for item in "12"]
    write(tmp_path, LIBRARIAN, Event("draft", "2026-001", list_no="2026-001", details=LIST), *entered)
    assert waiting(tmp_path, LIBRARIAN) == {"to_submit": 2, "to_list": 1}
    write(tmp_path, LIBRARIAN, Event("submit", "2026-001", list_no="2026-001"))
    assert waiting(tmp_path, MEMBER) == {"to_vote": 2}
    assert waiting(tmp_path, MANAGER) == {"to_close": 2}
    vote = Event("vote", "2026-001/1/tanaka", "withdraw", item_id="1", list_no="2026-001")
    write(tmp_path, MEMBER, vote)
    assert waiting(tmp_path, MEMBER) == {"to_vote": 1}
    closing = Event("close", "2026-001", list_no="2026-001", details={})
    write(tmp_path, MANAGER, closing, on_list("resolve", "1", "withdraw"), on_list("resolve", "2", "hold"))
    assert waiting(tmp_path, MANAGER) == {"to_approve": 2}
    write(tmp_path, MANAGER, Event("decide", "2026-001", list_no="2026-001"), on_list("approve", "1", "to_offer"))
    assert waiting(tmp_path, MANAGER) == {}
    assert waiting(tmp_path, LIBRARIAN) == {"stage_to_offer": 1, "to_list": 2}
    reply_by = (date.today() + timedelta(days=3)).isoformat()
    write(tmp_path, LIBRARIAN, Event("offer", "1", item_id="1", details={"offer": "1", "reply_by": reply_by}))
    assert "offers_due" not in waiting(tmp_path, LIBRARIAN)
    assert waiting(tmp_path, LIBRARIAN, date.today() + timedelta(days=4))["offers_due"] == 1
