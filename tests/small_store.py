"""A store with the demo library at a small scale, imported and flagged through the same doors as any other."""

from pathlib import Path

from collection import demo, flag, imports, policy
from collection.store.connection import connect

PACK = Path(__file__).parents[1] / "data" / "policies" / "nishinomiya"
SCALE = 0.01


def build(store: Path, files: Path, scale: float = SCALE) -> Path:
    """Fill `store`, with the files written to `files`; returns the flags file."""
    imports.import_files(store, demo.AS_OF, demo.write(files, scale, 1))
    return flag.flag(store, policy.load(PACK, demo.AS_OF), demo.AS_OF)


def items_of(flags: Path, where: str) -> list[str]:
    """Item numbers by what was judged of them, lowest score first."""
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    query = f"SELECT item_id FROM f.judged JOIN s.item USING (item_no) WHERE {where} ORDER BY score, item_no"
    with connect(attach={"f": flags, "s": snapshot}) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]
