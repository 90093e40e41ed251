"""The judgement a, b, c or "-" of a year, by a rule that can be computed by hand from the figures beside it.

An indicator whose target is a number is judged:
    a  actual ÷ target is `reached` per cent or more. Of a running year the forecast stands for the actual.
    c  less than `out_of_reach` per cent; once the last year of the period is over, less than `missed` per cent.
    b  all between.
    -  the actual is not known, or the year still runs and there is no forecast.
A project has the worst judgement of its indicators, in the order c, b, -, a: what is not known does not count as reached.
One without a number to reach (随時) has none. A person may set another judgement, with a reason.
"""

from collection.plans.model import Plan, Value, number

ORDER = ("c", "b", "-", "a")


def attained(actual: Value | None, target: Value | None) -> float | None:
    """Actual ÷ target in per cent; None when one of them is no number. A target of 0 is reached by anything above."""
    reached, wanted = number(actual), number(target)
    if reached is None or wanted is None:
        return None
    return reached / wanted * 100 if wanted else 100.0 * (reached >= 0)


def of_indicator(
    plan: Plan, target: Value | None, actual: Value | None, forecast: float | None = None, *, running: bool, last: bool
) -> str | None:
    """The judgement of one indicator in one column; None when its target is no number.

    Args:
        actual: what is known now. forecast: of the end of a running year.
        running: the column is not over. last: it is the last one of its period.
    """
    if number(target) is None:
        return None
    now, end = attained(actual, target), attained(forecast, target)
    if now is not None and now >= plan.value("reached"):
        return "a"
    reached = end if running else now
    if reached is None:
        return "-"
    if reached >= plan.value("reached"):
        return "a"
    return "c" if reached < plan.value("missed" if last and not running else "out_of_reach") else "b"


def of_project(judged: list[str | None]) -> str | None:
    """The judgement of a project from those of its indicators."""
    return next((mark for mark in ORDER if mark in judged), None)
