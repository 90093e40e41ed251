"""A random library with marked local records, some that hide their place behind no mark, and everything else."""

from pathlib import Path
from random import Random

from tests.random_library import AS_OF, random_library, write_snapshot

PLACES = ("渚町", "潮見坂", "霧浜", "鳴尾")  # the last is in the word list of the pack, the others are not
TOPICS = (
    "料理", "歴史", "数学", "写真", "体操", "音楽", "建築", "経済", "法律", "医学", "園芸", "鉄道", "天文", "心理", "農業", "演劇",
)  # fmt: skip
OFFICE = "渚市資料室"
SNAPSHOT = f"{AS_OF}-0123456789ab.duckdb"


def town(seed: int = 7, records: int = 2700, marks: bool = True) -> dict[str, list[dict]]:
    """Tables of a snapshot. Every ninth work is of the city and marked; every ninetieth hides there without a mark."""
    rng = Random(seed)
    library = random_library(rng, records, 1.0)
    for bib in library["bib"]:
        work = bib["work_no"]
        own = Random(seed * 1_000_000 + work)
        place, topics = own.choice(PLACES), own.sample(TOPICS, 3)
        ours, hides = work % 9 == 0, work % 90 == 1
        bib["title"] = f"{place}の{topics[0]}と{topics[1]}" if ours or hides else f"{topics[0]}から{topics[1]}へ"
        bib["subjects"] = own.choice([None, topics[2], ";".join(topics[1:])])
        bib["publisher"] = OFFICE if ours and work % 2 else own.choice(["波止場書房", "岬出版社", None])
        bib["local"] = None
        if marks:
            bib["local"] = (
                own.choice(["local", "official", "sake;local"]) if ours else "human_rights" if work % 50 == 3 else None
            )
    return library


def hidden(library: dict[str, list[dict]]) -> set[int]:
    """bib_no of the records that are of the city without a mark."""
    return {bib["bib_no"] for bib in library["bib"] if bib["work_no"] % 90 == 1 and bib["local"] is None}


def write(folder: Path, library: dict[str, list[dict]], name: str = SNAPSHOT) -> Path:
    """The snapshot of a new store."""
    (folder / "holdings").mkdir(parents=True, exist_ok=True)
    return write_snapshot(folder / "holdings" / name, library)
