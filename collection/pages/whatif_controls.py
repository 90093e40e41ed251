"""The sliders of 試算. What differs from the policy stands in the address: v=name:number, c=prefix:idle years:shelf life."""

import streamlit as st

from collection import whatif, words
from collection.pages import tell
from collection.pages.tell import t
from collection.policy import Policy

MOST = {"idle_years": 30, "shelf_life": 60}  # years that a slider reaches


def from_address(policy: Policy) -> dict:
    """The scenario the address stands for; what cannot be read, or is as the policy has it, is left out."""
    values, classes = {}, {}
    for told in st.query_params.get_all("v"):
        name, _, number = told.rpartition(":")
        if name in whatif.offered(policy) and _number(number, _most(policy, name)) not in (
            None,
            policy.parameters[name],
        ):
            values[name] = int(number)
    known = {entry["prefix"]: entry for entry in policy.classes}
    for told in st.query_params.get_all("c"):
        prefix, idle, life = (*told.split(":"), "", "")[:3]
        if prefix in known:
            asked = {"idle_years": idle, "shelf_life": life}
            moved = {
                key: int(text)
                for key, text in asked.items()
                if _number(text, MOST[key]) not in (None, known[prefix][key])
            }
            classes |= {prefix: moved} if moved else {}
    return {"values": values, "classes": classes}


def to_address(scenario: dict) -> None:
    """Writes a scenario into the address; the rest of it stays."""
    st.query_params["v"] = [f"{name}:{number}" for name, number in scenario["values"].items()]
    st.query_params["c"] = [
        f"{prefix}:{said.get('idle_years', '')}:{said.get('shelf_life', '')}" for prefix, said in scenario["classes"].items()
    ]  # fmt: skip


def show(policy: Policy, scenario: dict) -> None:
    """Draws the sliders, each at the scenario's value, and what is changed."""
    st.subheader(t("whatif.general"), anchor=False, help=t("whatif.operating_help"))
    for name in whatif.offered(policy):
        said = policy.parameter_words.get(name, {})
        english = words.language.get() == "en"
        key = f"whatif_v_{name}"
        st.session_state[key] = scenario["values"].get(name, int(policy.parameters[name]))
        st.slider(
            said.get("en", name) if english else name, 0 if "年" in name else 1, _most(policy, name),
            key=key, on_change=_value_moved, args=(scenario, name, policy), help=said.get("gist_en") if english else said.get("gist"),
        )  # fmt: skip
    st.subheader(t("whatif.by_class"), anchor=False, help=t("whatif.class_help"))
    entries = {entry["prefix"]: entry for entry in policy.classes}
    prefix = st.selectbox(
        t("whatif.class"), list(entries), key="whatif_class", format_func=lambda prefix: _class_word(entries[prefix]),
        label_visibility="collapsed",
    )  # fmt: skip
    for key, most in MOST.items():
        present = entries[prefix][key]
        if present is None:
            st.caption(t("whatif.no_shelf_life"))
            continue
        slider = f"whatif_c_{prefix}_{key}"
        st.session_state[slider] = scenario["classes"].get(prefix, {}).get(key, present)
        st.slider(
            t(f"whatif.{key}"),
            0,
            max(most, present),
            key=slider,
            on_change=_class_moved,
            args=(scenario, prefix, key, policy),
        )
    _changed(policy, scenario, entries)


def changes(policy: Policy, scenario: dict) -> list[tuple[str, str, str]]:
    """What a scenario changes, in words: name, present value, new value."""
    english = words.language.get() == "en"
    entries = {entry["prefix"]: entry for entry in policy.classes}
    told = [
        (policy.parameter_words.get(name, {}).get("en", name) if english else name, f"{policy.parameters.get(name, ''):g}", f"{number:g}")
        for name, number in scenario["values"].items() if name in policy.parameters
    ]  # fmt: skip
    for prefix, said in scenario["classes"].items():
        for key, number in said.items():
            if prefix in entries:
                present = entries[prefix][key]
                word = f"{_class_word(entries[prefix])} {t(f'whatif.{key}')}"
                told.append((word, "" if present is None else f"{present}", f"{number}"))
    return told


def _changed(policy: Policy, scenario: dict, entries: dict) -> None:
    told = changes(policy, scenario)
    if not told:
        st.caption(t("whatif.as_it_is"))
        return
    st.markdown("  \n".join(f"{tell.plain(name)}: {before} → **{after}**" for name, before, after in told))
    st.button(t("whatif.reset"), type="tertiary", on_click=to_address, args=(whatif.NOTHING,))


def _value_moved(scenario: dict, name: str, policy: Policy) -> None:
    number = st.session_state[f"whatif_v_{name}"]
    values = {key: value for key, value in scenario["values"].items() if key != name}
    to_address({**scenario, "values": values | ({name: number} if number != policy.parameters[name] else {})})


def _class_moved(scenario: dict, prefix: str, key: str, policy: Policy) -> None:
    number = st.session_state[f"whatif_c_{prefix}_{key}"]
    present = next(entry for entry in policy.classes if entry["prefix"] == prefix)[key]
    said = {name: value for name, value in scenario["classes"].get(prefix, {}).items() if name != key}
    said |= {key: number} if number != present else {}
    others = {name: value for name, value in scenario["classes"].items() if name != prefix}
    to_address({**scenario, "classes": others | ({prefix: said} if said else {})})


def _class_word(entry: dict) -> str:
    note = entry["note_en"] if words.language.get() == "en" else entry["note"]
    return f"{entry['prefix'] or t('whatif.other_classes')}　{note.partition('。' if '。' in note else ':')[2].strip()[:36]}"


def _most(policy: Policy, name: str) -> int:
    """How far the slider of a general value reaches."""
    return max(30, 2 * int(policy.parameters[name]))


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= most else None
