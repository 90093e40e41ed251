"""Twenty people at once: nothing acknowledged is lost, nobody writes over what he has not seen, and a survivor stays."""

import threading
from dataclasses import replace

import pytest

from collection import ledger
from collection.ledger import Event, MovedOn
from collection.roles import Person
from tests import road_store
from tests.bench import deciding

PEOPLE = [Person(f"lib{n}", f"司書{n}", frozenset({"librarian"})) for n in range(20)]
ROUNDS = 15


def at_once(act) -> None:
    """Calls act(number) in twenty threads that begin together; what fails there fails here."""
    start, failures = threading.Barrier(len(PEOPLE)), []

    def run(number: int) -> None:
        try:
            start.wait(10)
            act(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(PEOPLE))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_of_twenty_who_saw_the_same_exactly_one_is_first(tmp_path):
    won, refused = [], []

    def act(number):
        for turn in range(ROUNDS):
            try:
                with ledger.writing(tmp_path) as connection:
                    tag = Event("tag", f"item {turn}", "keep", follows=0)
                    won.append((turn, number, ledger.append(connection, PEOPLE[number], [tag])[0]))
            except MovedOn as first:
                refused.append((turn, first.rows[0]["person"]))

    at_once(act)
    assert sorted(turn for turn, _, _ in won) == list(range(ROUNDS))
    winner = {turn: PEOPLE[number].id for turn, number, _ in won}
    assert len(refused) == ROUNDS * (len(PEOPLE) - 1) and all(winner[turn] == person for turn, person in refused)


def test_a_ledger_that_twenty_open_for_the_first_time_at_once_is_made_once(tmp_path):
    def act(number):
        with ledger.writing(tmp_path) as connection:
            ledger.append(connection, PEOPLE[number], [Event("tag", str(number), "keep")])

    at_once(act)
    with ledger.reading(tmp_path) as connection:
        assert ledger.last_seq(connection) == len(PEOPLE)


def test_every_acknowledged_event_is_in_its_chain(tmp_path):
    acknowledged = []

    def act(number):
        for _ in range(ROUNDS):
            with ledger.writing(tmp_path) as connection:
                events = [Event("tag", "one item", "keep"), Event("tag", f"own {number}", "hold")]
                acknowledged.extend(ledger.append(connection, PEOPLE[number], events))

    at_once(act)
    with ledger.reading(tmp_path) as connection:
        chain = connection.execute("SELECT seq, follows FROM event WHERE subject = 'one item' ORDER BY seq").fetchall()
        assert ledger.last_seq(connection) == len(acknowledged) == len(set(acknowledged)) == 2 * ROUNDS * len(PEOPLE)
    assert [row["follows"] for row in chain] == [0, *[row["seq"] for row in chain[:-1]]]


@pytest.fixture(scope="module")
def done(flagged, tmp_path_factory):
    """Twenty sessions that tag, vote, approve and claim for six seconds, and what they were told."""
    store = road_store.copied(flagged, tmp_path_factory.mktemp("together"))
    work = deciding.prepare(store, store / "holdings" / flagged.name, road_store.POLICY)
    return work, deciding.together(work, seconds=6, pause=0.1)


def test_nothing_is_lost_doubled_or_written_over(done):
    work, heard = done
    assert heard.failures == []
    assert deciding.wrong(work, heard) == {}


def test_they_did_get_in_each_others_way(done):
    _, heard = done
    assert heard.tags and heard.voted and heard.claims and heard.approved + heard.refused
    assert heard.in_the_way["tag"] + len(heard.seen) > 0


def test_what_must_hold_is_looked_for(done):
    work, heard = done
    (person, item, _), (member, voted) = heard.tags[0], next(iter(heard.votes))
    claims = [*heard.claims, ("nothing", "P001")]
    told = replace(
        heard, tags=[*heard.tags, (person, item, "keep")], claims=claims, votes={(member, voted): "never"}, seen=set()
    )
    found = deciding.wrong(work, told)
    assert {"tag lost", "claim lost", "vote lost"} <= set(found)
    assert heard.seen and found["tag written over"] > 0 or not heard.seen
