"""The reply to whoever asked for a title: what becomes of it, the clause, and what can be done instead; nobody is named."""

from collection.words import say

QUOTING = ("refuse", "committee", "over_limit")  # what a reader may ask the reason of


def reply(title: dict, known: dict, becomes: str) -> str:
    """The reply to one request, in the present language, to be copied.

    Args:
        title: what was asked for, by the names of selection.facts.TITLE. known: checking.evidence of it.
        becomes: the verdict it was given, or the one that a person gave it instead.
    """
    named = title.get("title") or known["holding"] or title.get("isbn")
    parts = [say("requests.reply_thanks", title=named) if named else say("requests.reply_thanks_unknown")]
    parts.append(_held(known) if becomes == "held" else say(f"requests.reply_{becomes}"))
    if known["rule"] and becomes in QUOTING:
        key = "requests.reply_wording" if known["wording"] else "requests.reply_gist"
        text = (known["wording"] or known["gist"]).rstrip("。.")
        parts.append(say(key, article=known["article"], text=text))
        parts += [say(f"requests.reply_{one}") for one in known["instead"]]
    return "\n".join(parts)


def _held(known: dict) -> str:
    queue = say("requests.reply_queue", n=known["holds"]) if known["holds"] else ""
    if not known["copies"]:
        return say("requests.reply_held_other", title=known["other"])
    if known["kind"] == "edition":
        return say("requests.reply_held_other", title=known["holding"]) + queue
    return say("requests.reply_held", branches=known["branches"]) + queue
