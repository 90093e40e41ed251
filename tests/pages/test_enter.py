"""Nobody sees a screen without being signed in to a role that may open it; menus show what one may open."""

import shutil

import pytest

from collection import accounts, roles, words
from collection.roles import Person
from collection.store.connection import connect
from tests.pages.conftest import signed_in, texts

FORBIDDEN = [
    (screen, role) for screen in roles.SCREENS for role in roles.ROLES
    if screen != "home" and role not in roles.SCREENS[screen]
]  # fmt: skip


def shows_nothing(app) -> bool:
    return not any((app.header, app.subheader, app.dataframe, app.main.button, app.main.text_input))


@pytest.mark.parametrize(("screen", "role"), FORBIDDEN)
def test_another_role_is_told_who_may_open_it(open_page, screen, role):
    app = open_page(screen, role=role)
    assert shows_nothing(app)
    [error] = app.error
    own = [name for name in roles.screens(Person("x", "x", frozenset({role})))]
    if own:
        assert all(words.code("role", allowed) in error.value for allowed in roles.SCREENS[screen])


@pytest.mark.parametrize("screen", roles.SCREENS)
def test_nobody_signed_in_sees_nothing(open_page, screen):
    app = open_page(screen, person=None, item="1")
    assert shows_nothing(app)
    assert "サインイン" in app.info[0].value
    assert "/signin" in texts(app)


def test_the_way_back_is_kept(open_page):
    app = open_page("candidates", "en", person=None, criterion="8-2-2")
    assert "/signin?next=%2Fcandidates%3Flang%3Den%26criterion%3D8-2-2&amp;lang=en" in texts(app)


def test_name_and_every_role_are_shown_and_escaped(open_page):
    person = Person("x", "<b>山田", frozenset({"manager", "librarian"}))
    shown = "\n".join(str(part.proto.body) for part in open_page("home", person=person).sidebar.get("html"))
    assert "&lt;b&gt;山田（司書・課長）" in shown
    assert 'action="/signout"' in shown


@pytest.mark.parametrize("ending", ["close", "disable"])
def test_a_screen_that_is_open_ends_with_its_session(open_page, tmp_path, flagged, ending):
    (tmp_path / "holdings").symlink_to(flagged.parent)
    app = open_page("candidates", store=tmp_path, role="librarian")
    assert app.header
    if ending == "close":
        accounts.close_session(tmp_path, app.session_state["token"])
    else:
        accounts.disable(tmp_path, Person("-cli", "root", frozenset({"admin"})), "librarian")
    app.run()
    assert shows_nothing(app)
    assert app.info


def test_a_change_of_role_counts_at_the_next_run(open_page, tmp_path, flagged):
    (tmp_path / "holdings").symlink_to(flagged.parent)
    app = open_page("imports", store=tmp_path, role="librarian")
    assert not app.error
    signed_in(tmp_path, Person("librarian", "山田", frozenset({"committee"})))
    app.run()
    assert shows_nothing(app)
    assert app.error


def test_flags_of_an_earlier_form_are_to_be_made_again(open_page, flagged, tmp_path):
    shutil.copytree(flagged.parent, tmp_path / "holdings")
    with connect(tmp_path / "holdings" / flagged.name) as earlier:
        earlier.execute("ALTER TABLE judged DROP COLUMN survivor_words")
    for lang, said in (("ja", "規則をもう一度あてる"), ("en", "Apply the rules again")):
        app = open_page("candidates", lang, store=tmp_path)
        assert said in app.info[0].value and not app.dataframe
