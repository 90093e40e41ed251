"""A decision that was acknowledged survives `kill -9` at any moment, and a batch is there whole or not at all.

`python -m tests.test_ledger_kill STORE ROUNDS SEED` is the murderer: a process that has the ledger loaded, forks two
writers a round, kills each at a moment of chance and prints what every one of them began and was told it had written.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from collection import ledger
from collection.ledger import Event
from collection.roles import Person

ROUNDS, WRITERS = 160, 2
ROOT = Path(__file__).parents[1]
LIBRARIAN = Person("yamada", "山田", frozenset({"librarian"}))


def write_until_killed(store: Path, name: str, told: int, chance: random.Random) -> None:
    """Appends batch after batch; says into the pipe what it begins and, once it is acknowledged, its numbers."""
    for batch in range(10_000):
        size = chance.choice((1, 1, 1, 5, 60))
        os.write(told, f"begun {name}/{batch} {size}\n".encode())
        with ledger.writing(store) as connection:
            events = [
                Event("tag", f"{name}/{batch}/{n}", "withdraw", item_id="1", details={"batch": f"{name}/{batch}"},
                      evidence=json.dumps({"title": f"本{n}"}, ensure_ascii=False))
                for n in range(size)
            ]  # fmt: skip
            written = ledger.append(connection, LIBRARIAN, [*events, Event("miss", "shared", item_id="2")])
        os.write(told, f"acknowledged {name}/{batch} {' '.join(map(str, written))}\n".encode())


def fork_writer(store: Path, name: str, chance: random.Random) -> tuple[int, int]:
    """A writer in a process of its own: its id and the end of the pipe on which it is heard."""
    heard, told = os.pipe()
    seed = chance.random()
    process = os.fork()
    if not process:
        try:
            write_until_killed(store, name, told, random.Random(seed))
        finally:
            os._exit(1)
    os.close(told)
    return process, heard


def murder(store: Path, rounds: int, seed: int) -> None:
    """Forks and kills; prints every line that was heard, and at last how many died by the signal."""
    chance, killed = random.Random(seed), 0
    for turn in range(rounds):
        writers = [fork_writer(store, f"{turn}-{n}", chance) for n in range(WRITERS)]
        for process, heard in writers:
            time.sleep(chance.uniform(0.001, 0.06))
            os.kill(process, signal.SIGKILL)
            killed += os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
            with os.fdopen(heard) as lines:
                sys.stdout.write(lines.read())
    print("killed", killed)


def test_nothing_acknowledged_is_lost_and_nothing_is_half_written(tmp_path):
    command = [sys.executable, "-m", "tests.test_ledger_kill", str(tmp_path), str(ROUNDS), "20250401"]
    heard = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120).stdout
    lines = [line.split() for line in heard.splitlines()]
    begun = {name: int(size) for what, name, *size in lines if what == "begun" for size in size}
    acknowledged = {name: list(map(int, seqs)) for what, name, *seqs in lines if what == "acknowledged"}
    assert lines[-1] == ["killed", str(ROUNDS * WRITERS)]
    assert len(begun) - len(acknowledged) > ROUNDS  # most were killed in the middle of a batch

    with ledger.reading(tmp_path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        events = connection.execute("SELECT seq, subject, kind, aspect, follows, details FROM event").fetchall()
        evidence = connection.execute("SELECT count(*) FROM event LEFT JOIN evidence ON hash = evidence "
                                      "WHERE kind = 'tag' AND told IS NULL").fetchone()  # fmt: skip
    assert evidence[0] == 0
    seqs = {row["seq"] for row in events}
    lost = [seq for written in acknowledged.values() for seq in written if seq not in seqs]
    assert lost == []
    found: dict[str, set[int]] = {}
    for row in events:
        if row["kind"] == "tag":
            found.setdefault(json.loads(row["details"])["batch"], set()).add(row["seq"])
    assert {name: len(written) for name, written in found.items()} == {name: begun[name] for name in found}
    for name, (*tags, miss) in acknowledged.items():
        assert found[name] == set(tags) and miss in seqs
    assert sum(row["kind"] == "miss" for row in events) == len(found)
    last: dict[tuple[str, str], int] = {}
    for row in events:
        chain = row["aspect"], row["subject"]
        assert row["follows"] == last.get(chain, 0)
        last[chain] = row["seq"]


def test_an_unfinished_transaction_of_a_dead_writer_holds_nobody_up(tmp_path):
    begun = (
        "import os, sys, pathlib; from collection import ledger; from tests.test_ledger_kill import *\n"
        "with ledger.writing(pathlib.Path(sys.argv[1])) as c:\n"
        "    ledger.append(c, LIBRARIAN, [Event('tag', '1', 'keep')]); os.kill(os.getpid(), signal.SIGKILL)"
    )
    died = subprocess.run([sys.executable, "-c", begun, str(tmp_path)], cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    with ledger.writing(tmp_path) as connection:
        assert ledger.append(connection, LIBRARIAN, [Event("tag", "1", "withdraw", follows=0)]) == [1]
    with sqlite3.connect(ledger.path(tmp_path)) as connection:
        assert connection.execute("SELECT state FROM event").fetchall() == [("withdraw",)]
    connection.close()


if __name__ == "__main__":
    murder(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
