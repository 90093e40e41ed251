"""目標と計画: what a library means to reach in a year, how far it is, and how that is judged."""

from collection.plans.reporting import report as report
