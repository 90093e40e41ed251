"""What every screen shares: the language, the links between screens, the open store, the line at the top."""

import hmac
import html
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

import duckdb
import streamlit as st

from collection import accounts, adopted, decisions, overview, roles, signin, words
from collection.pages.tell import dark, plain, t
from collection.policy import Policy, PolicyErrors, load
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect, sql

HERE = Path(__file__).parent
PACKS = HERE.parents[1] / "data" / "policies"


def store() -> Path:
    """The folder of the snapshots: COLLECTION_STORE, or data/ beside the app."""
    return Path(os.environ.get("COLLECTION_STORE") or "data")


def speak() -> str:
    """Sets the language of this run from the address, or from what the session chose before, and returns it."""
    asked = st.query_params.get("lang", st.session_state.get("lang", "ja"))
    chosen = asked if asked in words.LANGUAGES else "ja"
    st.session_state["lang"] = chosen
    if chosen != "ja" and st.query_params.get("lang") != chosen:
        st.query_params["lang"] = chosen
    words.language.set(chosen)
    return chosen


def script(name: str) -> None:
    """Runs one of the small scripts beside the pages, which the content policy allows by their hash (serve.py)."""
    st.html(f"<script>{(HERE / name).read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)


def switch_language() -> None:
    """The sidebar's 日本語／English switch."""

    def change() -> None:
        chosen = st.session_state["language_switch"] or "ja"
        st.session_state["lang"] = chosen
        if chosen == "ja":
            st.query_params.pop("lang", None)
        else:
            st.query_params["lang"] = chosen

    st.session_state["language_switch"] = words.language.get()
    st.sidebar.segmented_control(
        t("language"), words.LANGUAGES, format_func={"ja": "日本語", "en": "English"}.get, required=True,
        key="language_switch", on_change=change, label_visibility="collapsed",
    )  # fmt: skip


def person() -> Person | None:
    """Who is signed in, asked of the accounts now: a session may have ended, an account been disabled."""
    token = st.session_state.get("token") or st.context.cookies.get(signin.COOKIE)
    found = accounts.person_of(store(), token)
    if found is None and st.user.get("is_logged_in"):
        token = _openid_token()
        found = accounts.person_of(store(), token)
    st.session_state["token"], st.session_state["person"] = token, found
    return found


def _openid_token() -> str | None:
    """The token of the session that goes with this sign-in at the OpenID provider; None without an account."""
    known = accounts.of_email(store(), str(st.user.get("email") or ""))
    if known is None or st.user.get("email_verified") is False:
        return None
    told = json.dumps([st.user.get(claim) for claim in ("iss", "sub", "iat")]).encode()
    token = hmac.new(st.secrets["auth"]["cookie_secret"].encode(), told, "sha256").hexdigest()
    accounts.resume(store(), token, known.id, float(st.user.get("iat") or 0))
    return token


def uploader_words() -> None:
    """The uploader's own words are English only: a button in the present language stands in their place."""
    st.html(
        "<style>[data-testid='stFileUploaderDropzone'] button > * { display: none }"
        f"[data-testid='stFileUploaderDropzone'] button::after {{ content: '{t('imports_pick')}' }}"
        "[data-testid='stFileUploaderDropzoneInstructions'] { display: none }</style>"
    )


def enter(screen: str) -> Person:
    """The first call of every screen: the person who is signed in and may open it.

    Anybody else reads what to do instead, and the screen stops. A screen that draws itself anew without the rest
    (a fragment), or acts before it is drawn (a callback), calls it there too, and speaks its language from then on.
    """
    speak()
    found = person()
    if found is None:
        _ask_to_sign_in(screen)
    if screen not in roles.screens(found):
        _refuse(found, screen)
    if st.query_params.get("from") == screen:
        script("back.js")
        st.stop()
    st.session_state["screen"] = screen
    return found


def _ask_to_sign_in(screen: str) -> NoReturn:
    _look()
    if st.user.get("is_logged_in"):
        known = accounts.of_email(store(), str(st.user.get("email") or ""))
        st.info(
            t("accounts.openid_again") if known else t("accounts.openid_unknown", email=st.user.get("email") or "-")
        )
        st.button(t("accounts.sign_in_as_other"), on_click=st.logout)
    elif "openid" in st.query_params and signin.providers():
        named = st.query_params["openid"]
        st.login(named if named in signin.providers() and named else None)
    else:
        st.info(t("accounts.need_sign_in"))
        path = "/" if screen == "home" else f"/{screen}"
        query = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
        address = html.escape(signin.signin_path(f"{path}?{query}"))
        st.html(f'<a class="action" href="{address}" target="_self">{html.escape(t("accounts.to_sign_in"))}</a>')
    st.stop()


def _refuse(found: Person, screen: str) -> NoReturn:
    """Opens the first screen of the person instead of ホーム; of any other screen says who may open it, and stops."""
    own = roles.screens(found)
    if screen == "home":
        go(own[0])
    _look()
    allowed = "・".join(words.code("role", role) for role in roles.SCREENS[screen])
    said = {"name": found.name, "roles": accounts.roles_of(found), "allowed": allowed, "screen": t(f"page_{screen}")}
    st.error(t("accounts.screen_refused", **said))
    link(own[0], t(f"page_{own[0]}"))
    st.stop()


def signed_in_as() -> None:
    """The sidebar's name of the person who is signed in, and the way out."""
    found = st.session_state.get("person")
    if found is None:
        return
    named, out = html.escape(accounts.named(found)), html.escape(t("accounts.sign_out"))
    if st.user.get("is_logged_in"):
        st.sidebar.html(f'<div class="person">{named}</div>')
        st.sidebar.button(t("accounts.sign_out"), on_click=_sign_out_of_openid)
    else:
        st.sidebar.html(
            f'<div class="person">{named}</div><form method="post" action="/signout" target="_self"><button>{out}</button></form>'
        )


def _sign_out_of_openid() -> None:
    accounts.close_session(store(), st.session_state["token"])
    st.logout()


def may_open(screen: str) -> bool:
    """Whether the person of this run may open a screen."""
    found = st.session_state.get("person")
    return found is not None and screen in roles.screens(found)


def pages() -> dict[str, st.Page]:
    """The screens by name, titled in the present language; those that the person may not open are not in the menu."""
    return {
        name: st.Page(HERE / f"{name}.py", title=t(f"page_{name}"), url_path="" if name == "home" else name,
                      default=name == "home", visibility="visible" if may_open(name) else "hidden")
        for name in roles.SCREENS
    }  # fmt: skip


def menu() -> dict[str, list[st.Page]]:
    """The screens by section, for the sidebar."""
    known = pages()
    return {t(f"menu_{section}"): [known[name] for name in names] for section, names in roles.MENU.items()}


def link(page: str, label: str, query: dict[str, list[str]] | None = None, **options) -> None:
    """A link to a screen with a filter in its address, in the present language; plain words for who may not open it."""
    if may_open(page):
        st.page_link(pages()[page], label=label, query_params=with_language(query), **options)
    else:
        st.markdown(plain(label))


def go(page: str, query: dict[str, list[str]] | None = None) -> None:
    """Opens a screen with a filter in its address.

    st.switch_page writes that address to the present screen first; `from` tells this leftover when Back returns to it.
    """
    here = st.session_state.get("screen")
    left = {"from": [here]} if here and here != page and (query or st.query_params) else {}
    st.switch_page(pages()[page], query_params=with_language({**(query or {}), **left}))


def with_language(query: dict[str, list[str]] | None) -> dict[str, list[str]]:
    """The query with the language added where it is not the usual one."""
    chosen = words.language.get()
    return {**(query or {}), **({} if chosen == "ja" else {"lang": [chosen]})}


@st.cache_resource(max_entries=3, show_spinner=False, on_release=lambda held: held[1].close())
def _database(snapshot: str, flags: str | None) -> tuple[duckdb.DuckDBPyConnection, ExitStack]:
    stack = ExitStack()
    attached = {"facts_of_day": Path(snapshot)}
    return stack.enter_context(connect(flags or ":memory:", read_only=bool(flags), attach=attached)), stack


@contextmanager
def cursor(snapshot: Path, flags: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of its own on a day's facts, flags and the people's decisions: threads must never share one."""
    with _database(str(snapshot), str(flags) if flags else None)[0].cursor() as own:
        decisions.attach(own, store())
        yield own


@st.cache_data(max_entries=20, show_spinner=False)
def _head(snapshot: str, flags: str | None) -> tuple[dict, dict | None]:
    with cursor(Path(snapshot), Path(flags) if flags else None) as own:
        return overview.holdings(own), overview.judging(own) if flags else None


@st.cache_resource(max_entries=5, show_spinner=False)
def _policy(folder: str, on: date, changed: int, values: str) -> Policy | None:
    try:
        return load(Path(folder), on, json.loads(values))
    except (words.Problem, PolicyErrors):
        return None


def policy_of(judged: dict) -> Policy | None:
    """The pack the flags were made by, as in force on their day with what the library adopted; None when it cannot be read."""
    folder = PACKS / judged["policy"]
    changed = max((file.stat().st_mtime_ns for file in folder.rglob("*")), default=0)
    values = json.dumps(adopted.adopted_on(store(), judged["policy"], judged["as_of"]), sort_keys=True)
    return _policy(str(folder), judged["as_of"], changed, values)


def opened() -> tuple[Path | None, Path | None]:
    """The newest snapshot and its newest flags; None for what there is not yet."""
    snapshot = snapshots.newest(store())
    return snapshot, snapshots.flags_of(snapshot) if snapshot else None


def _look() -> None:
    st.html(HERE / "style.css")
    st.html(f"<style>:root {{ --link: {'#9db7f9' if dark() else '#00118f'} }}</style>")


def head(title: str) -> tuple[Path | None, Path | None, Policy | None]:
    """Draws the line at the top and the screen's title.

    Returns:
        the newest snapshot, its newest flags, and the policy they were made by; None for what there is not.
    """
    _look()
    snapshot, flags = opened()
    parts, policy = [t("product")], None
    if snapshot:
        language = words.language.get()
        facts, judged = _head(str(snapshot), str(flags) if flags else None)
        policy = policy_of(judged) if judged else None
        if policy:
            parts.append(policy.library[language])
        parts.append(t("as_of", day=facts["as_of"].isoformat()))
        if judged:
            parts.append(t("rules_of", policy=policy.title[language] if policy else judged["policy"]))
        if policy and policy.hash != judged["policy_hash"]:
            parts.append(t("rules_changed"))
    st.html(f'<div class="frame-line">{" ─ ".join(f"<span>{html.escape(part)}</span>" for part in parts)}</div>')
    if title:
        st.header(title, anchor=False)
    return snapshot, flags, policy


def need_flags() -> tuple[Path, Path, Policy]:
    """As `head`, for screens that show nothing without flags: they say why and what to do next, and stop."""
    snapshot, flags, policy = head("")
    if snapshot is None or flags is None:
        st.info(t("no_snapshot" if snapshot is None else "no_flags"))
        link("imports", t("open_imports" if snapshot is None else "open_flagging"))
        st.stop()
    if policy is None:
        st.warning(t("rules_unreadable"))
        st.stop()
    if not _of_this_form(str(flags)):
        st.info(t("charts.old_flags"))
        link("imports", t("open_flagging"))
        st.stop()
    return snapshot, flags, policy


@st.cache_data(max_entries=20, show_spinner=False)
def _of_this_form(flags: str) -> bool:
    """Whether flags have every column that this version's screens read; older ones are made again."""
    with connect() as form, connect(flags, read_only=True) as own:
        form.execute(sql("schema/judged"))
        wanted, there = (set(each.execute(sql("queries/flag_columns")).fetchall()) for each in (form, own))
    return wanted <= there
