"""A store in which people have decided: one list all the way to its ends, one before the committee, some tags. For pictures."""

from datetime import date
from pathlib import Path

import polars as pl

from collection import accounts, approve, committee, fairness, lots, offers, policy, road, tagging, transfers
from collection.candidates import Filter
from collection.demo import persons
from collection.roles import Person
from collection.store.connection import connect_flags
from tests.small_store import PACK, demo

CLI = Person("-cli", "準備", frozenset({"admin"}))
REASON = "棚の見直しで、この分野をまとめて見たため"


def fill(store: Path, flags: Path) -> None:
    """Sample persons, and their decisions through the verbs that the screens call."""
    persons.add(store, CLI)
    pack = policy.load(PACK, demo.AS_OF)
    everybody = {account.id: account for account in accounts.all(store)}
    librarian, manager, school = (
        next(person for person in everybody.values() if role in person.roles)
        for role in ("librarian", "manager", "partner")
    )
    members = accounts.members(store)
    with connect_flags(flags) as cursor:

        def listed(title: str, **narrowed) -> str:
            chosen = Filter(criterion=("8-2-2",), **narrowed)
            number = committee.draft(store, cursor, flags, pack, librarian, title, chosen, "candidates", members)
            committee.submit(store, librarian, number)
            return number

        first = listed("中央図書館 9類 令和8年度第1回", branch=("中央図書館",), shelf_class=("9",))
        _vote(store, first, members, 1)
        committee.close(store, manager, first, members)
        fairness.answer(store, librarian, first, fairness.unanswered(cursor, store, first), REASON)
        approve.approve(store, flags, pack, manager, first)
        _walk(store, cursor, librarian, school)
        second = listed("北口図書館 3類・4類 令和8年度第2回", branch=("北口図書館",), shelf_class=("3", "4"))
        _vote(store, second, members[:2], 7)
        cursor.execute(
            "SELECT item_id FROM judged JOIN facts_of_day.item USING (item_no) WHERE verdict = 'candidate' AND judged.branch = '鳴尾図書館'"
        )
        tagged = [item for (item,) in cursor.fetchall()]
    tagging.tag(store, flags, pack, librarian, tagged[:12], "withdraw")
    tagging.tag(store, flags, pack, librarian, tagged[12:15], "keep", reason="地域の資料として要る")


def _vote(store: Path, number: str, members: list[Person], every: int) -> None:
    """Everybody votes to withdraw; with every > 1 each so-many-th item is voted to stay by some."""
    items = committee.agenda.entries(store, number)["item_id"].to_list()
    for place, member in enumerate(members):
        votes = {
            item: ("keep", "版元品切れ。まだ要る") if every > 1 and (at + place) % every == 0 else ("withdraw", "")
            for at, item in enumerate(items)
        }
        committee.vote(store, member, number, votes)


def _walk(store: Path, cursor, librarian: Person, school: Person) -> None:
    """The approved items offered, four claimed and handed over, the rest given away, a few left and disposed of."""
    waiting = road.items(cursor, store, ("to_offer",))
    kept_back, offered = waiting[:9], waiting[9:]
    number = offers.offer(store, librarian, _seen(offered), date.today())
    offers.claim(cursor, store, school, offered["item_id"].to_list()[:4])
    offers.settle(
        cursor, store, librarian, number, offers.proposals(cursor, store, number), {}, "すべて返事があったため"
    )
    transfers.hand_over(store, librarian, _seen(road.items(cursor, store, ("assigned",))[:3]))
    lots.put_in_lots(store, librarian, road.items(cursor, store, ("to_give",))[6:])
    [lot] = lots.lots(cursor, store)["lot"]
    left = road.items(cursor, store, ("in_lot",))["item_id"].to_list()[:5]
    lots.count(store, librarian, lot, left)
    road.step(store, librarian, "discard", _seen(road.items(cursor, store, ("to_discard",))[:3]))
    offers.offer(store, librarian, _seen(kept_back[:6]), offers.reply_day(policy.load(PACK, demo.AS_OF), date.today()))


def _seen(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.select("item_id", "road_seq").iter_rows())
