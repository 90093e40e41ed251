"""What is measured, in the order in which it is printed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from collection import whatif
from collection.flag import flag
from collection.store import snapshots
from tests.bench import deciding, files, judging, library, marc, pages, plain_marc, selection

RUNS = 3
MEMORY = 1.5e9
PAGE = 0.150
TAG = 0.200
SCENARIO = 1.0
CHECKED = 10.0


@dataclass(frozen=True)
class Line:
    """A line of the table. `reached` is None where there is no target; `equal`: ours and the rival's output agree."""

    what: str
    ours: str
    rival: str = ""
    ratio: str = ""
    target: str = ""
    reached: bool | None = None
    equal: bool = True

    def markdown(self) -> str:
        """The line as Markdown."""
        said = {True: "yes", False: "**no**", None: "–"}[self.reached]
        return f"| {self.what} | {self.ours} | {self.rival} | {self.ratio} | {self.target} | {said} |"


def all_of(folder: Path, scale: float) -> Iterator[Line]:
    """Every line, as soon as it was measured."""
    store = folder / "store"
    snapshot = library.make(store, scale)
    yield from reading(folder, snapshot)
    yield from records(folder, scale)
    yield from rules(folder, snapshot)
    yield from screens(store)
    yield from selecting(snapshot)
    yield from scenarios(snapshot)
    yield from decisions(store, scale)


def in_turn(*calls: Callable[[], float]) -> list[float]:
    """The median of each call; they take turns, so that what disturbs the machine disturbs all."""
    rounds = [[call() for call in calls] for _ in range(RUNS)]
    return [median(times) for times in zip(*rounds, strict=True)]


def reading(folder: Path, snapshot: Path) -> Iterator[Line]:
    """CSV files against DuckDB's bare read of the same files in UTF-8."""
    files.make(snapshot, folder)
    targets = {"utf-8": 2.0, "cp932": 3.5}
    for kind in ("items", "loans"):
        paths = {encoding: files.of(folder, kind, encoding) for encoding in targets}
        bare, *ours = in_turn(
            lambda paths=paths: files.bare(paths["utf-8"], folder),
            *[lambda path=path: files.staged(path, folder) for path in paths.values()],
        )
        for (encoding, target), seconds in zip(targets.items(), ours, strict=True):
            what = f"{kind}.csv in {files.ENCODINGS[encoding]}: sources.stage / bare read_csv"
            yield _against_bare(what, paths[encoding], seconds, paths["utf-8"], bare, target)
    base = files.with_bibs(folder)
    both = {encoding: [files.of(folder, kind, encoding) for kind in ("items", "loans")] for encoding in targets}
    bare, *ours = in_turn(
        lambda: sum(files.bare(path, folder) for path in both["utf-8"]),
        *[lambda encoding=encoding: files.imported(base, folder, encoding) for encoding in targets],
    )
    for (encoding, target), seconds in zip(targets.items(), ours, strict=True):
        what = f"items.csv + loans.csv in {files.ENCODINGS[encoding]}: import_files, works matched, snapshot written / bare read_csv"
        yield _against_bare(what, both[encoding], seconds, both["utf-8"], bare, target)


def _against_bare(
    what: str, path: Path | list[Path], seconds: float, plain: Path | list[Path], bare: float, target: float
) -> Line:
    ratio = seconds / bare
    return Line(
        what, _rate(path, seconds), _rate(plain, bare), f"{ratio:.2f} × the time", f"≤ {target:g} ×", ratio <= target
    )


def _rate(path: Path | list[Path], seconds: float) -> str:
    size = sum(each.stat().st_size for each in (path if isinstance(path, list) else [path]))
    return f"{seconds:.2f} s ({size / 1e6 / seconds:,.0f} MB/s)"


def records(folder: Path, scale: float) -> Iterator[Line]:
    """MARC 21 against a plain pymarc loop."""
    made = folder / "made.mrc"
    marc.make(made, max(500, round(marc.RECORDS * scale)))
    for path in [made, marc.REAL] if marc.REAL.exists() else [made]:
        wrong = marc.differences(path)
        count = path.read_bytes().count(b"\x1d")
        where = "LC, real" if path == marc.REAL else "made up"
        texts, plain, fields, by_pymarc, staged = in_turn(
            lambda path=path: _seconds(marc.texts, path),
            lambda path=path: _seconds(plain_marc.read, path),
            lambda path=path: _seconds(marc.fields, path),
            lambda path=path: _seconds(marc.fields_by_pymarc, path),
            lambda path=path: _seconds(marc.staged, path),
        )
        said = "identical" if not wrong else f"DIFFERENT: {wrong}"
        for what, ours, rival, target in (
            ("texts of a bib", texts, plain, 4.0),
            ("sliced fields alone", fields, by_pymarc, None),
            ("staged, typed, bytes kept (the rival: its texts in a list)", staged, plain, None),
        ):
            yield _faster(
                f"MARC, {count:,} records, {where}: {what}, {said}", f"{count / ours:,.0f}/s", f"pymarc {count / rival:,.0f}/s",
                rival / ours, target, not wrong,
            )  # fmt: skip


def _faster(what: str, ours: str, rival: str, ratio: float, target: float | None, equal: bool) -> Line:
    """A line where ours is to be so many times faster, and equal."""
    reached = equal and ratio >= target if target else None
    return Line(what, ours, rival, f"{ratio:.1f} × faster", f"≥ {target:g} ×" if target else "", reached, equal)


def _seconds(call: Callable, given) -> float:
    begun = time.perf_counter()
    call(given)
    return time.perf_counter() - begun


def rules(folder: Path, snapshot: Path) -> Iterator[Line]:
    """Measure to score against SQLite, pandas and the bare sum of the loan rows, each run in a process of its own."""
    judging.prepare(snapshot, folder)
    names = ("ours", "filed", "sqlite", "pandas", "shuffled", "stored")
    rounds = [{name: judging.run(name, snapshot, folder) for name in names} for _ in range(RUNS)]
    times = {name: median(told[name]["seconds"] for told in rounds) for name in names}
    peaks = {name: max(told[name]["peak"] for told in rounds) for name in names}
    items, loans = judging.sizes(snapshot)
    what = f"measure → flag → survive → route → score, {items:,} items, {loans:,} loan rows"
    for name, title, target in (("sqlite", "SQLite", 20.0), ("pandas", "pandas", 5.0)):
        wrong = judging.differences(folder, name)
        said = "outputs equal" if not wrong else f"DIFFERENT: {wrong}"
        rival = f"{title} {times[name]:.2f} s"
        yield _faster(
            f"{what}: {said}", f"{times['ours']:.2f} s", rival, times[name] / times["ours"], target, not wrong
        )
    for name, title, target in (
        ("shuffled", "in the order of chance", 5.0),
        ("stored", "sorted by item, as stored", None),
    ):
        ratio = times["ours"] / times[name]
        yield Line(
            f"the same / bare sum of the loan rows by item, rows {title}", f"{times['ours']:.2f} s", f"{times[name]:.2f} s",
            f"{ratio:.1f} × the time", f"≤ {target:g} ×" if target else "", ratio <= target if target else None,
        )  # fmt: skip
    yield Line("the same, written to its file", f"{times['filed']:.2f} s", "", "", "", None)
    rival = f"SQLite {peaks['sqlite'] / 1e9:.2f} GB, pandas {peaks['pandas'] / 1e9:.2f} GB"
    yield Line("the same: peak memory", f"{peaks['ours'] / 1e9:.2f} GB", rival, "", "≤ 1.5 GB", peaks["ours"] <= MEMORY)


def screens(store: Path) -> Iterator[Line]:
    """The slowest query of each page."""
    policy = library.policy()
    flags = flag(store, policy, library.AS_OF)
    for page, (seconds, asked) in pages.slowest(flags, policy).items():
        yield Line(
            f"{page}: its slowest query, {asked}", f"{seconds * 1000:.0f} ms", "", "", "≤ 150 ms", seconds <= PAGE
        )


def selecting(snapshot: Path) -> Iterator[Line]:
    """Requests checked against holdings and rules, and the rules run over all that is held."""
    policy = library.policy()
    asked = selection.requests(snapshot, policy)
    rounds = [selection.checked(snapshot, policy, asked) for _ in range(RUNS)]
    seconds, verdicts = median(seconds for seconds, _ in rounds), rounds[0][1]
    said = ", ".join(f"{n:,} {verdict}" for verdict, n in verdicts.most_common())
    what = f"{len(asked):,} requests checked at once ({said})"
    yield Line(what, f"{seconds:.2f} s", "", "", "≤ 10 s", seconds <= CHECKED)
    looks = [selection.first_look(snapshots.flags_of(snapshot), policy) for _ in range(RUNS)]
    seconds, items = median(seconds for seconds, _ in looks), looks[0][1]
    yield Line(
        f"規則の鏡: its first look, {items:,} items refused or for the committee today",
        f"{seconds:.2f} s",
        "",
        "",
        "",
        None,
    )


def scenarios(snapshot: Path) -> Iterator[Line]:
    """How long 試算 takes to lay out the library, to answer a scenario, and to try it on the past."""
    begun = time.perf_counter()
    prepared = whatif.prepare(snapshot, library.policy(), library.AS_OF)
    yield Line("試算: laying out the library, once", f"{time.perf_counter() - begun:.2f} s", "", "", "", None)
    for what, ask in (
        ("a scenario", lambda scenario: whatif.evaluate(prepared, scenario)),
        ("the back-test of two years ago", lambda scenario: whatif.backtest(prepared, scenario, 2)),
    ):
        ask(whatif.NOTHING)
        times = [
            _seconds(ask, {"values": {"利用だけの無利用年数": years}, "classes": {"": {"idle_years": 3}}})
            for years in (5, 8, 12)
        ]
        yield Line(f"試算: {what}", f"{median(times):.2f} s", "", "", "≤ 1 s", median(times) <= SCENARIO)
    prepared.close()


def decisions(store: Path, scale: float) -> Iterator[Line]:
    """Tags alone and among twenty sessions, and how much one ledger takes."""
    work = deciding.prepare(store, snapshots.need_flags(store), library.policy())
    ours, bare = deciding.alone(work, 200)
    for percent in (50, 95):
        mine, rival = deciding.share(ours, percent), deciding.share(bare, percent)
        yield Line(
            f"one tag, checked and with its evidence, one person: p{percent} / bare SQLite insert, synchronous FULL",
            _milliseconds(mine), _milliseconds(rival), f"{mine / rival:,.0f} × the time",
            "≤ 200 ms" if percent == 95 else "", mine <= TAG if percent == 95 else None,
        )  # fmt: skip
    seconds = 60 * min(1.0, max(scale, 0.05))
    heard = deciding.together(work, seconds, pause=1.0)
    slow, wrong = deciding.share(heard.seconds["tag"], 95), deciding.wrong(work, heard)
    acts = ", ".join(f"{len(times):,} {verb}" for verb, times in heard.seconds.items())
    what = f"20 sessions for {seconds:.0f} s ({acts})"
    yield Line(f"{what}: one tag, p95", _milliseconds(slow), "", "", "≤ 200 ms", slow <= TAG)
    said = ", ".join(f"{count} {name}" for name, count in wrong.items()) or "0"
    yield Line(f"{what}: lost, doubled, written over, survivors lost", said, "", "", "0", not wrong, not wrong)
    rate = deciding.appended(work, min(seconds, 10))
    yield Line("acknowledged events a second, 20 threads, one event a time", f"{rate:,.0f}/s", "", "", "")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
