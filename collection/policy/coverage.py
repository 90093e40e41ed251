"""`collection policy coverage`: how every clause of the documents is tested, so that none is silently left out."""

from collections import Counter

from collection import words
from collection.policy.load import clause_order
from collection.policy.model import Policy, Rule
from collection.policy.pack import read_csv

STATES = ("machine", "eyes", "missing", "none")


def clauses(policy: Policy) -> list[tuple[str, str]]:
    """(document, clause) of every clause there is: the pack's list of clauses, or what its rules name."""
    if policy.clauses is not None:
        return [(row["document"], row["clause"]) for row in read_csv(policy.clauses)]
    order = list(policy.documents)
    found = {(rule.document, rule.clause) for rule in policy.rules}
    return sorted(found, key=lambda one: (order.index(one[0]), clause_order(one[1])))


def state_of(rules: list[Rule]) -> str:
    """machine: a condition, a sign or a measure tests it; missing: a column is lacking; eyes: a person; none: no file."""
    if any(rule.when or rule.signs or rule.measured_by for rule in rules):
        return "machine"
    if any(rule.missing for rule in rules):
        return "missing"
    return "eyes" if rules else "none"


def rows(policy: Policy) -> list[dict]:
    """One dict per clause: document, clause, state, rules (ids), detail (measures, or the columns that are missing)."""
    by_clause: dict[tuple, list[Rule]] = {}
    for rule in policy.rules:
        by_clause.setdefault((rule.document, rule.clause), []).append(rule)
    return [_row(document, clause, by_clause.get((document, clause), [])) for document, clause in clauses(policy)]


def _row(document: str, clause: str, rules: list[Rule]) -> dict:
    detail = [name for rule in rules for name in rule.missing]
    detail += [rule.measured_by for rule in rules if rule.measured_by]
    return {
        "document": document,
        "clause": clause,
        "state": state_of(rules),
        "rules": [rule.id for rule in rules],
        "detail": list(dict.fromkeys(detail)),
    }


def summary(policy: Policy) -> dict[str, Counter]:
    """Document → Counter of states, and under "" the total. The sum of a Counter is the number of clauses."""
    found = {document: Counter() for document in policy.documents}
    found[""] = Counter()
    for row in rows(policy):
        found.setdefault(row["document"], Counter())[row["state"]] += 1
        found[""][row["state"]] += 1
    return found


def lines(policy: Policy, everything: bool = False) -> list[str]:
    """What the command prints, tab-separated: counts by document, then clauses that lack a column, or every clause."""
    head = [words.say("policy.coverage_document"), *(words.say(f"policy.coverage_{state}") for state in STATES)]
    printed = ["\t".join([*head, words.say("policy.coverage_total")])]
    for document, counted in summary(policy).items():
        title = (
            policy.documents[document]["title"][words.language.get()]
            if document
            else words.say("policy.coverage_total")
        )
        figures = [counted[state] for state in STATES]
        printed.append("\t".join([title, *map(str, [*figures, sum(figures)])]))
    shown = rows(policy) if everything else [row for row in rows(policy) if row["state"] == "missing"]
    if shown:
        names = ("document", "clause", "state", "rules", "detail")
        printed += ["", "\t".join(words.say(f"policy.coverage_{name}") for name in names)]
    return printed + [_line(policy, row) for row in shown]


def _line(policy: Policy, row: dict) -> str:
    state = words.say(f"policy.coverage_{row['state']}")
    return "\t".join(
        [_title(policy, row["document"]), row["clause"], state, "、".join(row["rules"]), "、".join(row["detail"])]
    )


def _title(policy: Policy, document: str) -> str:
    titles = policy.documents.get(document, {}).get("title", {})
    return titles.get(words.language.get(), document)
