"""How far a long piece of work has come: one callback, shown on a terminal or on a page.

Work that takes long accepts `progress(stage, done, total)`: the stage as a key of the words files
("imports.stage_read") or as plain text, and how much of it is done, in any unit.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from collection import words

Progress = Callable[[str, float, float], None]
QUIET_SECONDS = 2.0  # what is done sooner needs no bar
PAGE_SECONDS = 0.2  # a page is redrawn no more often than this


def silent(stage: str, done: float, total: float) -> None:
    """Shows nothing."""


def stage_name(stage: str) -> str:
    """The words for a stage; text that is no key is shown as it is."""
    file, _, key = stage.partition(".")
    return words.say(stage) if key.startswith("stage_") and " " not in file else stage


@contextmanager
def terminal() -> Iterator[Progress]:
    """A bar on stderr with rate and time left, from the third second on; it leaves nothing behind."""
    began = time.monotonic()
    bars: dict[str, tqdm] = {}

    def show(stage: str, done: float, total: float) -> None:
        bar = bars.get(stage)
        if bar is None:
            _close(bars)
            wait = max(0.0, QUIET_SECONDS - (time.monotonic() - began))
            bar = bars[stage] = tqdm(
                desc=stage_name(stage), total=total, unit_scale=True, unit="", leave=False, delay=wait, file=sys.stderr
            )
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        _close(bars)


def _close(bars: dict[str, tqdm]) -> None:
    for bar in bars.values():
        bar.close()
    bars.clear()


def page(bar) -> Progress:
    """The same for a page. `bar` is what st.progress gives: anything with progress(share 0–1, text)."""
    state = {"stage": "", "began": 0.0, "shown": 0.0}

    def show(stage: str, done: float, total: float) -> None:
        now = time.monotonic()
        if stage != state["stage"]:
            state.update(stage=stage, began=now, shown=0.0)
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        if now - state["shown"] >= PAGE_SECONDS or share >= 1.0:
            state["shown"] = now
            bar.progress(share, text=_line(stage, share, done, now - state["began"]))

    return show


def _line(stage: str, share: float, done: float, seconds: float) -> str:
    """One line: the stage, how much, and after two seconds how fast and how long yet."""
    name = stage_name(stage)
    if seconds < QUIET_SECONDS or share <= 0.0:
        return words.say("imports.progress", stage=name, percent=f"{share:.0%}")
    rate = tqdm.format_sizeof(done / seconds)
    left = tqdm.format_interval(seconds / share - seconds)
    return words.say("imports.progress_left", stage=name, percent=f"{share:.0%}", rate=rate, left=left)
