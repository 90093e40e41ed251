"""Which item stays in the place of each item that may go under a criterion that needs a survivor.

The guarantee: take away every flagged item at once, and every one that needs a survivor still has its
named survivor on the shelf, no work has lost its last usable copy, and no survivor is itself flagged.
It holds by construction: survivors are chosen only among items that no rule lets go (keepers) and
those held back because their work would otherwise be lost (held); neither is ever flagged, so there
is no chain and no ring. A held item goes after all only for a similar title that is a keeper, while another
usable item of its own work stays.
"""

from pathlib import Path

import duckdb

from collection.store.connection import attach_file, sql


def similar_titles(connection: duckdb.DuckDBPyConnection, index: Path | None) -> None:
    """The view `neighbour`: the pairs of an index of similar titles (models.similar.index), or none."""
    if index:
        attach_file(connection, "similar_titles", index)
    pairs = "similar_titles.neighbour" if index else f"({sql('queries/survive_no_neighbours')})"
    connection.execute(sql("queries/survive_neighbours").format(pairs=pairs))


def survive(connection: duckdb.DuckDBPyConnection) -> None:
    """From the views `standing` and `neighbour`: tables `held` (item_no, last), `named` and `similar_title` (item_no, survivor_item_no …)."""
    connection.execute(sql("queries/survive_works"))
    connection.execute(sql("queries/survive_held"))
    connection.execute(sql("queries/survive_named"))
    connection.execute(sql("queries/survive_similar"))
