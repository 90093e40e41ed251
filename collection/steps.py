"""From which state to which: tags, lists and the road of a withdrawn item.

ACTIONS says to which chain of states an action belongs, TRANSITIONS what it may lead to. Nothing skips a step:
what is not listed is refused. Wording is in words/codes.toml (action, and a table for each aspect);
docs/steps.md is drawn from these tables.
"""

from collection.words import Problem, code

TAGS = ("withdraw", "keep", "repair", "replace", "stacks", "branch", "hold")
VOTES = ("withdraw", "keep", "hold")
ROUTES = {"transfer_offer": "to_offer", "give_away": "to_give", "discard": "to_discard", "record_only": "to_strike"}
ENDS = ("transferred", "given", "discarded", "struck")
OPINIONS = ("for", "against", "later")
UNDOABLE = ("tag", "shelf", "road", "request", "gift", "purchase")

TRANSITIONS = {  # aspect → state (None: none yet) → action → the states it may lead to
    "tag": {state: {"tag": TAGS, "untag": (None,), "drop": (None,)} for state in TAGS} | {None: {"tag": TAGS}},
    "shelf": {  # 不明確認: what the pull list named and nobody found
        None: {"miss": ("missed",), "find": ("found",)},
        "missed": {"find": ("found",), "miss": ("missed",), "settle": (None,)},
        "found": {"miss": ("missed",), "find": ("found",), "settle": (None,)},
    },
    "view": {None: {"save_view": ("saved",)}, "saved": {"save_view": ("saved",), "remove_view": (None,)}},
    "list": {
        None: {"draft": ("drafted",)},
        "drafted": {"submit": ("in_review",), "take_back": (None,)},
        "in_review": {"recall": ("drafted",), "close": ("resolved",)},
        "resolved": {"decide": ("decided",), "send_back": ("drafted",)},
        "decided": {},
    },
    "entry": {  # an item on a list; on one open list at a time
        None: {"enter": ("entered",)},
        "entered": {"leave": (None,), "resolve": VOTES},
        **{
            state: {"enter": ("entered",), "leave": (None,), "resolve": VOTES, "refuse": ("refused",)}
            for state in (*VOTES, "refused")
        },
    },
    "vote": {state: {"vote": VOTES} for state in (None, *VOTES)},
    "finding": {None: {"answer": ("answered",)}, "answered": {"answer": ("answered",)}},
    "road": {
        None: {"approve": tuple(ROUTES.values())},
        "to_offer": {"offer": ("offered",)},
        "offered": {"assign": ("assigned",), "not_claimed": ("to_give",)},
        "assigned": {"hand_over": ("transferred",), "assign": ("assigned",), "not_claimed": ("to_give",)},
        "to_give": {"put_in_lot": ("in_lot",)},
        "in_lot": {"give": ("given",), "leave_over": ("to_discard",)},
        "to_discard": {"discard": ("discarded",)},
        "to_strike": {"strike": ("struck",)},
        "struck": {"readmit": ("readmitted",)},
        "transferred": {}, "given": {}, "discarded": {},
        "readmitted": {"approve": tuple(ROUTES.values())},
    },
    "claim": {None: {"claim": ("claimed",)}, "claimed": {"unclaim": (None,)}},
    "plan": {None: {"set_plan": ("set",)}, "set": {"set_plan": ("set",), "drop_plan": (None,)}},
    "plan_report": {state: {"report_plan": ("reported",)} for state in (None, "reported")},
    "scenario": {None: {"save_scenario": ("saved",)}, "saved": {"save_scenario": ("saved",), "remove_scenario": (None,)}},
    "values": {None: {"adopt": ("adopted",)}, "adopted": {"adopt": ("adopted",), "repeal": (None,)}},
    "request": {  # a reader's request for a title; the subject is its number, no person is named
        None: {"take_request": ("accepted", "to_committee", "refused", "reserved", "joined", "unclear")},
        "unclear": {"take_request": ("accepted", "to_committee", "refused", "reserved", "joined", "unclear"), "close_request": ("cancelled",)},
        "to_committee": {"decide_request": ("accepted", "refused"), "close_request": ("cancelled",)},
        "accepted": {"decide_request": ("refused",), "close_request": ("provided", "borrowed", "cancelled")},
        "joined": {  # ends with the request it was joined to; takes its place when that is cancelled
            "take_request": ("joined", "accepted", "to_committee"), "decide_request": ("refused",),
            "close_request": ("provided", "borrowed", "cancelled"),
        },
        "refused": {"override": ("accepted", "to_committee")},
        "reserved": {}, "provided": {}, "borrowed": {}, "cancelled": {},
    },
    "gift": {  # one title of an offer (寄贈・寄託); the subject is ticket and line
        None: {"offer_gift": ("offered",)},
        "offered": {  # offered again: what was noted of it is mended
            "offer_gift": ("offered",), "accept_gift": ("accepted",), "decline_gift": ("declined",), "take_back_gift": (None,),
        },
        "accepted": {"receive_gift": ("received",), "decline_gift": ("declined",)},
        "declined": {"accept_gift": ("accepted",), "settle_gift": ("returned", "passed_on", "disposed")},
        "received": {}, "returned": {}, "passed_on": {}, "disposed": {},
    },
    "purchase": {  # a line of the committee's buying list; the subject is its number
        None: {"propose": ("proposed",)},
        "proposed": {"propose": ("proposed",), "choose": ("chosen",), "pass_over": ("passed",), "take_off": (None,)},
        "passed": {"propose": ("proposed",)},
        "chosen": {"order": ("ordered",), "pass_over": ("passed",)},
        "ordered": {"receive": ("received",), "cancel_order": ("chosen",)},
        "received": {},
    },
    "ballot": {state: {"cast": OPINIONS} for state in (None, *OPINIONS)},  # on a line; the subject is the line and the member
    "budget": {state: {"set_budget": ("set",)} for state in (None, "set")},
    "named": {  # an item of a named collection (特別文庫), locked against weeding
        None: {"lock": ("locked",)}, "locked": {"lock": ("locked",), "unlock": (None,)},
    },
    "barcodes": {state: {"send_barcodes": ("sent",)} for state in (None, "sent")},
    "account": {state: {"change_account": ("active", "disabled")} for state in (None, "active", "disabled")},
}  # fmt: skip

ACTIONS = {
    action: aspect for aspect, states in TRANSITIONS.items() for moves in states.values() for action in moves
} | {"drop": "tag", **{f"undo_{aspect}": aspect for aspect in UNDOABLE}}


def after(aspect: str, before: str | None, event) -> str | None:
    """The state an event leads to. Raises Problem when that step cannot be taken from the present state."""
    if event.kind == f"undo_{aspect}":
        return event.state
    possible = TRANSITIONS[aspect].get(before, {}).get(event.kind, ())
    if event.state is None and len(possible) == 1:
        return possible[0]
    if event.state not in possible:
        raise Problem(
            "ledger.no_step", subject=event.subject, action=code("action", event.kind), state=word(aspect, before)
        )
    return event.state


def word(aspect: str, state: str | None) -> str:
    """The word for a state; of an aspect that has none, 未決."""
    return code(f"{aspect}_state", state or "none")


def diagram(aspect: str) -> str:
    """The states of one aspect as a Mermaid drawing, in the present language."""
    lines = ["stateDiagram-v2"]
    for before, moves in TRANSITIONS[aspect].items():
        for action, states in moves.items():
            for state in states:
                start = "[*]" if before is None else word(aspect, before)
                end = "[*]" if state is None else word(aspect, state)
                lines.append(f"    {start} --> {end}: {code('action', action)}")
    return "\n".join(lines)
