"""The command line: what every screen can do, for scripts and for the night (INTERCHANGE, Commands)."""

import argparse
import getpass
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from collection import words
from collection.roles import Person
from collection.words import Problem, code, say

POLICIES = Path(__file__).parents[1] / "data" / "policies"
DEFAULT_STORE = Path(__file__).parents[1] / "data"
KINDS = ("bibs", "items", "loans", "holds", "retention", "partners", "requests")


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 all rows were accounted for and none was in error; 1 some rows were (the rest is loaded, the
        rejects are written); 2 nothing was done.
    """
    given = _parser().parse_args(arguments)
    try:
        return given.run(given) or 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="collection", description=say("cli.about"))
    commands = parser.add_subparsers(required=True, metavar="")

    def command(name: str, run, store: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=say(f"cli.help_{name}"), description=say(f"cli.help_{name}"))
        if store:
            added.add_argument("--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help=say("cli.help_store"))
        added.set_defaults(run=run)
        return added

    demo = command("demo", _demo)
    demo.add_argument("--scale", type=float, default=0.05, help=say("cli.help_scale"))
    demo.add_argument("--seed", type=int, default=1, help=say("cli.help_seed"))

    bring = command("import", _import)
    bring.add_argument("files", nargs="*", metavar="FILE", help=say("cli.help_files"))
    bring.add_argument("--as-of", type=_day, metavar="DATE", help=say("cli.help_as_of"))
    bring.add_argument("--explain", type=Path, metavar="FILE", help=say("cli.help_explain"))
    bring.add_argument("--mapping", type=Path, metavar="M.toml", help=say("cli.help_mapping"))
    bring.add_argument("--partial", action="store_true", help=say("cli.help_partial"))
    bring.add_argument("--accept-gone", action="store_true", help=say("cli.help_accept_gone"))
    bring.add_argument("--rebuild", action="store_true", help=say("cli.help_rebuild"))

    flagging = command("flag", _flag)
    flagging.add_argument("--policy", required=True, metavar="NAME", help=say("cli.help_policy_name"))
    flagging.add_argument("--as-of", type=_day, required=True, metavar="DATE", help=say("cli.help_as_of"))

    training = command("train", _train)
    training.add_argument("names", nargs="*", metavar="MODEL", help=say("models.help_names"))

    requests = command("check-requests", _check_requests)
    requests.add_argument("--policy", required=True, metavar="NAME", help=say("cli.help_policy_name"))
    requests.add_argument("--as-of", type=_day, required=True, metavar="DATE", help=say("cli.help_as_of"))
    requests.add_argument("--in", dest="file", type=Path, required=True, metavar="FILE", help=say("requests.help_in"))
    requests.add_argument("--out", type=Path, required=True, metavar="FILE.csv|.xlsx", help=say("cli.help_out"))
    requests.add_argument("--mapping", type=Path, metavar="M.toml", help=say("cli.help_mapping"))

    from collection.export import LISTS

    export = command("export", _export)
    export.add_argument("list", choices=LISTS, help=say("cli.help_list"))
    export.add_argument("--out", type=Path, required=True, metavar="FILE.csv|.xlsx", help=say("cli.help_out"))

    actions = command("policy", _policy, store=False).add_subparsers(required=True, dest="action", metavar="")
    for name in ("check", "coverage", "table", "attach-text"):
        action = actions.add_parser(name, help=say(f"cli.help_{name}"), description=say(f"cli.help_{name}"))
        action.add_argument("--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help=say("cli.help_store"))
        action.add_argument("--policy", required=True, metavar="NAME|FOLDER", help=say("cli.help_policy_name"))
        if name == "coverage":
            action.add_argument("--all", action="store_true", help=say("cli.help_all"))
        elif name == "table":
            action.add_argument("--out", type=Path, metavar="FILE.pdf|.xlsx|.csv", help=say("policy.table_help_out"))
        elif name == "attach-text":
            action.add_argument("file", type=Path, metavar="FILE", help=say("cli.help_texts"))

    user = command("user", _user)
    user.add_argument("action", choices=("add", "reset", "disable", "list"), help=say("cli.help_user_action"))
    user.add_argument("id", nargs="?", metavar="ID", help=say("cli.help_user_id"))
    user.add_argument("--name", default="", metavar="NAME", help=say("cli.help_user_name"))
    user.add_argument("--role", action="append", default=[], metavar="ROLE", help=say("cli.help_user_role"))
    user.add_argument("--branch", metavar="BRANCH", help=say("cli.help_user_branch"))
    user.add_argument("--partner", metavar="PARTNER_ID", help=say("cli.help_user_partner"))
    user.add_argument("--oidc", metavar="EMAIL", help=say("cli.help_user_oidc"))
    user.add_argument("--password-stdin", action="store_true", help=say("cli.help_user_password"))

    saving = command("backup", _backup)
    saving.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help=say("upkeep.help_out"))
    command("restore", _restore).add_argument(
        "file", type=Path, metavar="FILE.zip", help=say("upkeep.help_backup_file")
    )
    command("doctor", _doctor)

    from collection.downloads import REPORTS

    reporting = command("report", _report)
    reporting.add_argument("report", choices=REPORTS, help=say("cli.help_report_name"))
    reporting.add_argument("--fy", type=int, required=True, metavar="YEAR", help=say("cli.help_fy"))
    reporting.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx|.csv|.pdf", help=say("cli.help_out"))

    again = command("reproduce", _reproduce)
    again.add_argument("list", metavar="LIST", help=say("cli.help_list_no"))
    again.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help=say("cli.help_out"))

    serve = command("serve", _serve)
    serve.add_argument("--address", default="127.0.0.1", help=say("cli.help_address"))
    serve.add_argument("--port", type=int, default=8501, help=say("cli.help_port"))
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say("cli.bad_date", text=text)) from None


def policy_folder(name: str) -> Path:
    """The folder of a pack, by its name in data/policies or by its path. Raises Problem when there is none."""
    for folder in (POLICIES / name, Path(name)):
        if (folder / "policy.toml").is_file():
            return folder
    known = "、".join(sorted(folder.name for folder in POLICIES.iterdir() if folder.is_dir()))
    raise Problem("cli.no_policy", name=name, folder=POLICIES, known=known)


def _demo(given) -> int:
    from collection import demo, imports, progress
    from collection.demo import persons

    with tempfile.TemporaryDirectory() as folder, progress.terminal() as show:
        files = demo.write(Path(folder), given.scale, given.seed, progress=show)
        result = imports.import_files(given.store, demo.AS_OF, files, rebuild=True, accept_gone=True, progress=show)
    persons.add(given.store, _at_the_machine())
    _tell(result)
    print(say("cli.demo", scale=given.scale, store=given.store))
    return result.exit_status


def _import(given) -> int:
    from collection import imports, progress, sources

    if given.explain:
        text, mapping = sources.explain(given.explain)
        print(text)
        written = given.explain.with_name(given.explain.name + ".mapping.toml")
        written.write_text(mapping, encoding="utf-8")
        print(say("cli.explained", path=written))
        return 0
    if not given.files or not given.as_of:
        raise Problem("cli.import_what")
    with progress.terminal() as show:
        result = imports.import_files(
            given.store,
            given.as_of,
            [_kind_and_path(text) for text in given.files],
            mapping=given.mapping,
            partial=given.partial,
            accept_gone=given.accept_gone,
            rebuild=given.rebuild,
            progress=show,
        )
    _tell(result)
    return result.exit_status


def _kind_and_path(text: str) -> Path | tuple[str, Path]:
    kind, equals, path = text.partition("=")
    return (kind, Path(path)) if equals and kind in KINDS else Path(text)


def _tell(result) -> None:
    for file in result.files:
        counts = {
            name: f"{getattr(file, name):,}"
            for name in ("rows", "loaded", "changed", "unchanged", "skipped", "error", "gone")
        }
        print(say("cli.outcome", file=file.file, kind=file.kind, encoding=file.encoding, **counts))
        if file.rejects:
            print(say("cli.rejects", path=file.rejects))
    for note in result.notes:
        print(f"  {note}")
    if result.snapshot is None:
        print(say("cli.nothing_new"))


def _flag(given) -> int:
    from collection import adopted, decisions, flag, overview, progress
    from collection.store.connection import connect_flags

    pack = adopted.policy_on(given.store, policy_folder(given.policy), given.as_of)
    with progress.terminal() as show:
        flags = flag.flag(given.store, pack, given.as_of, progress=show)
    with connect_flags(flags) as connection:
        decisions.attach(connection, given.store)
        tally = overview.tally(connection)
    counts = {verdict: 0 for verdict in ("candidate", "keep", "ask", "move", "unknown", "none", "road")}
    counts |= dict(tally.group_by("verdict").agg(pl.col("items").sum()).iter_rows())
    said = {verdict: f"{items:,}" for verdict, items in counts.items()}
    total = f"{tally['items'].sum():,}"
    print(say("cli.flagged", policy=pack.title[words.language.get()], as_of=given.as_of, items=total, **said))
    return 0


def _train(given) -> int:
    import models
    from collection import adopted, overview, progress
    from collection.store import snapshots
    from collection.store.connection import connect_flags

    if unknown := set(given.names) - set(models.NAMES):
        raise Problem("models.unknown", names="、".join(sorted(unknown)), known="、".join(models.NAMES))
    flags = snapshots.need_flags(given.store)
    with connect_flags(flags) as connection:
        judging = overview.judging(connection)
    pack = adopted.policy_on(given.store, policy_folder(judging["policy"]), judging["as_of"])
    for name in given.names or models.NAMES:
        try:
            with progress.terminal() as show:
                made = models.train(given.store, flags, pack, name, show)
            print(say("models.trained", name=code("model", name), seconds=made.figures["seconds"]))
        except Problem as lacking:
            print(say("models.not_trained", name=code("model", name), why=lacking))
    return 0


def _check_requests(given) -> int:
    from collection import adopted, progress, sheets
    from collection.requests import checking, reading, tokens
    from collection.store import snapshots

    pack = adopted.policy_on(given.store, policy_folder(given.policy), given.as_of)
    snapshot = snapshots.newest(given.store, until=given.as_of)
    if snapshot is None:
        raise Problem("flag.no_snapshot", as_of=given.as_of.isoformat(), where=given.store)
    with progress.terminal() as show:
        asked = reading.read(given.file, tokens.hasher(given.store), given.mapping, show)
        found = checking.answer(given.store, snapshot, pack, asked.titles, given.as_of, show)
    sheets.write(checking.result(found), given.out, "requests")
    print("\n".join(checking.lines(found, asked, given.out)))
    return 1 if asked.errors else 0


def _export(given) -> int:
    from collection import adopted, overview
    from collection.export import export
    from collection.store import snapshots
    from collection.store.connection import connect_flags

    flags = snapshots.need_flags(given.store)
    with connect_flags(flags) as connection:
        judging = overview.judging(connection)
    pack = adopted.policy_on(given.store, policy_folder(judging["policy"]), judging["as_of"])
    rows = export(given.list, flags, pack, given.out)
    print(say("cli.exported", rows=f"{rows:,}", out=given.out))
    return 0


def _policy(given) -> int:
    from collection import pack_files, policy
    from collection.policy import attach, cases, coverage, printing, table

    folder = policy_folder(given.policy)
    problems = cases.run(folder) if given.action == "check" else policy.check(folder)
    pack = None if problems else policy.load(folder, date.today())
    if pack and given.action == "check":
        problems = pack_files.problems(pack)
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        return 2
    if given.action == "check":
        print(say("cli.policy_right", name=pack.name, rules=len(pack.rules), in_force=pack.in_force))
    elif given.action == "coverage":
        print("\n".join(coverage.lines(pack, everything=given.all)))
    elif given.action == "table":
        known = {"cases": cases.counts(folder), "wordings": attach.wordings(given.store, pack.name)}
        if given.out:
            pack, counts = _judged(given.store, pack)
            printing.write(pack, given.out, counts=counts, **known)
            print(say("cli.exported", rows=f"{len(pack.rules):,}", out=given.out))
        else:
            print("\n".join(table.lines(pack, **known)))
    else:
        attached, known = attach.attach(given.store, pack, given.file)
        print(say("cli.texts_attached", rows=attached, known=known, policy=pack.name))
    return 0


def _judged(store: Path, pack):
    """The pack as the newest flags were made by it, and its items by rule; as it is, and None, where others made them."""
    from collection import adopted, overview
    from collection.store import snapshots
    from collection.store.connection import connect_flags

    if flags := snapshots.newest_flags(store):
        with connect_flags(flags) as connection:
            judging, counts = overview.judging(connection), overview.rule_counts(connection)
        if judging["policy"] == pack.name:
            then = adopted.policy_on(store, pack.folder, judging["as_of"])
            if then.hash == judging["policy_hash"]:
                return then, counts
    return pack, None


def _at_the_machine() -> Person:
    """Who types commands: the administrator of the machine, named as the machine does."""
    try:
        return Person("-cli", getpass.getuser(), frozenset({"admin"}))
    except (OSError, KeyError):  # the machine has no name for the number it runs under
        return Person("-cli", "-", frozenset({"admin"}))


def _user(given) -> int:
    from collection import accounts

    if given.action == "list":
        for account in accounts.all(given.store):
            print(accounts.line(account))
        return 0
    number, actor = accounts.plain(given.id or ""), _at_the_machine()
    if not number:
        raise Problem("accounts.who_is_meant", action=given.action)
    password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else None
    if given.action == "add":
        held = frozenset(accounts.role(text) for text in given.role)
        new = Person(number, given.name, held, given.branch, given.partner)
        made = accounts.add(given.store, actor, new, password=password, email=given.oidc)
        print(say("accounts.added", who=accounts.named(new), id=number))
    elif given.action == "reset":
        made = accounts.reset(given.store, actor, number, password)
        print(say("accounts.was_reset", id=number))
    else:
        made = accounts.disable(given.store, actor, number)
        print(say("accounts.was_disabled", id=number))
    if made:
        print(say("accounts.made_password", password=made))
    return 0


def _backup(given) -> int:
    from collection import backup, progress

    with progress.terminal() as show:
        manifest = backup.backup(given.store, given.out, show)
    size = f"{given.out.stat().st_size / 1e6:,.1f} MB"
    print(say("upkeep.saved", out=given.out, size=size, files=len(manifest["files"]), last=backup.last(manifest)))
    return 0


def _restore(given) -> int:
    from collection import backup, progress

    with progress.terminal() as show:
        manifest = backup.restore(given.store, given.file, show)
    said = {"made_at": manifest["made_at"][:16].replace("T", " "), "files": len(manifest["files"])}
    print(say("upkeep.restored", where=given.store, last=backup.last(manifest), **said))
    return 0


def _doctor(given) -> int:
    from collection import doctor, progress

    with progress.terminal() as show:
        findings = doctor.examine(given.store, show)
    print("\n".join(map(str, findings)))
    wrong = sum(not finding.right for finding in findings)
    print(say("upkeep.to_mend", n=wrong) if wrong else say("upkeep.all_right"))
    return 1 if wrong else 0


def _report(given) -> int:
    from collection import adopted, downloads, overview
    from collection.store import snapshots
    from collection.store.connection import connect_flags

    library, pack = say("screens.product"), None
    if flags := snapshots.newest_flags(given.store):
        with connect_flags(flags) as connection:
            judging = overview.judging(connection)
        pack = adopted.policy_on(given.store, policy_folder(judging["policy"]), judging["as_of"])
        library = pack.library[words.language.get()]
    rows = downloads.write(given.report, given.store, given.fy, given.out, library, pack)
    print(say("cli.exported", rows=f"{rows:,}", out=given.out))
    return 0


def _reproduce(given) -> int:
    from collection import reproduce

    again = reproduce.again(given.store, given.list)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(again.content)
    said = {"list_no": given.list, "items": f"{again.items:,}", "out": given.out}
    if again.same:
        print(say("books.reproduced", **said))
        return 0
    print(say("books.not_reproduced", **said, now=again.sha256[:12], then=again.then[:12]), file=sys.stderr)
    return 1


def _serve(given) -> int:
    from collection.serve import serve

    serve(given.store, given.address, given.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
