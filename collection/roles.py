"""Who may do what: the roles of the people at work, the screens each opens and the actions each may take.

The tables are the rule: every screen asks `require` before it draws, and `ledger.append` asks it before it writes.
"""

from dataclasses import dataclass

from collection.words import Problem, code

ROLES = ("librarian", "committee", "manager", "admin", "partner")
STAFF = ("librarian", "committee", "manager", "admin")
SYSTEM = "system"  # the product itself, at an import

SCREENS = {  # in the order of the menu
    "home": STAFF, "candidates": STAFF, "card": STAFF,
    "shelf": ("librarian",),
    "committee": ("librarian", "committee", "manager"),
    "road": ("librarian", "manager"),
    "offers": ("partner",),
    "requests": ("librarian", "committee", "manager"), "gifts": ("librarian", "committee", "manager"),
    "buying": ("librarian", "committee", "manager"), "mirror": STAFF,
    "composition": STAFF, "trends": STAFF, "freshness": STAFF, "duplicates": STAFF, "space": STAFF, "local": STAFF,
    "neutrality": STAFF,
    "plans": STAFF, "whatif": STAFF, "models": STAFF, "yearbook": STAFF,
    "rules": STAFF, "books": STAFF,
    "imports": ("librarian", "admin"),
}  # fmt: skip

MENU = {  # section → its screens
    "work": ("home", "candidates", "card", "shelf", "committee", "road", "offers"),
    "collect": ("requests", "gifts", "buying", "mirror"),
    "look": ("composition", "trends", "freshness", "duplicates", "space", "local", "neutrality"),
    "plan": ("plans", "whatif", "models", "yearbook"),
    "record": ("rules", "books", "imports"),
}

ACTIONS = {
    # 取込と規則
    "import": ("librarian", "admin"), "flag": ("librarian", "admin"), "train": ("librarian", "admin"),
    "download": STAFF, "share_view": ("librarian", "manager"),
    # 棚と机で印を付ける
    "tag": ("librarian",), "untag": ("librarian",), "drop": (SYSTEM,),
    "find": ("librarian",), "miss": ("librarian",), "settle": ("librarian", SYSTEM),
    "save_view": STAFF, "remove_view": STAFF,
    # 議案
    "draft": ("librarian",), "enter": ("librarian",), "leave": ("librarian", SYSTEM), "submit": ("librarian",), "recall": ("librarian",), "take_back": ("librarian",),
    "vote": ("committee",), "close": ("manager",), "resolve": ("manager",), "answer": ("librarian", "committee"),
    # 決裁
    "decide": ("manager",), "send_back": ("manager",), "approve": ("manager",), "refuse": ("manager",),
    # 除籍した資料の行先
    "offer": ("librarian",), "claim": ("partner",), "unclaim": ("partner",), "assign": ("librarian",),
    "hand_over": ("librarian",), "not_claimed": ("librarian",),
    "put_in_lot": ("librarian",), "give": ("librarian",), "leave_over": ("librarian",), "discard": ("librarian",),
    "strike": ("librarian",), "readmit": ("librarian",), "send_barcodes": ("librarian", "admin"),
    # リクエスト・寄贈・購入
    "take_request": ("librarian",), "override": ("librarian",), "decide_request": ("manager",), "close_request": ("librarian",),
    "offer_gift": ("librarian",), "take_back_gift": ("librarian",), "accept_gift": ("manager",), "decline_gift": ("manager",),
    "receive_gift": ("librarian",), "settle_gift": ("librarian",), "lock": ("librarian",), "unlock": ("manager",),
    "propose": ("librarian", "committee"), "take_off": ("librarian",), "cast": ("committee",),
    "choose": ("manager",), "pass_over": ("manager",), "order": ("librarian",), "receive": ("librarian",),
    "cancel_order": ("librarian",), "set_budget": ("manager",),
    # 取り消し：その一つ前を行える人
    "undo_tag": ("librarian", SYSTEM), "undo_shelf": ("librarian",), "undo_road": ("librarian", "manager"),
    "undo_request": ("librarian", "manager"), "undo_gift": ("librarian", "manager"), "undo_purchase": ("librarian", "manager"),
    # 計画と試算
    "set_plan": ("librarian", "manager"), "drop_plan": ("librarian", "manager"), "report_plan": ("librarian", "manager"),
    "save_scenario": ("librarian", "manager"), "remove_scenario": ("librarian", "manager"),
    "adopt": ("manager",), "repeal": ("manager",),
    # 帳簿
    "disclose": ("manager", "admin"), "audit": ("manager", "admin"),
    # 利用者
    "change_account": ("admin",),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who acts: account, name, roles; `branch` of a librarian, `partner` of 学校等 (partner_id) when known."""

    id: str
    name: str
    roles: frozenset[str]
    branch: str | None = None
    partner: str | None = None


THE_PRODUCT = Person("-", "自動", frozenset({SYSTEM}))


def may(person: Person, action: str) -> bool:
    """Whether one of the person's roles allows the action. Raises KeyError for an action that is not listed."""
    return not person.roles.isdisjoint(ACTIONS[action])


def require(person: Person, action: str) -> str:
    """The role in which the person may act. Raises Problem when there is none."""
    role = next((role for role in ACTIONS[action] if role in person.roles), None)
    if role is None:
        allowed = "・".join(code("role", each) for each in ACTIONS[action])
        raise Problem("roles.not_allowed", action=code("action", action), allowed=allowed)
    return role


def screens(person: Person) -> list[str]:
    """The screens that the person may open, in their order."""
    return [name for name, roles in SCREENS.items() if not person.roles.isdisjoint(roles)]
