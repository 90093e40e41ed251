"""寄贈・寄託 on the screen: offers, one offer with its parts, accession, named collections; who may do what; both languages."""

import pytest

from collection import accounts, named, words
from collection.gifts import keeping, lines, standing
from collection.roles import Person
from tests import committee_store, road_store, small_store
from tests.pages.conftest import signed_in, texts

LIBRARIAN, MANAGER = road_store.LIBRARIAN, road_store.MANAGER
MEMBERS = [Person(f"c{number}", f"委員{number}", frozenset({"committee"})) for number in (1, 2)]
BOOKS = [
    {"title": "あたらしい本", "author": "海野 灯", "condition": "good"},
    {"title": "よごれた本", "condition": "soiled", "copies": 2},
]


@pytest.fixture
def store(flagged, tmp_path):
    """A store of the test's own; two members, a librarian and a manager have accounts."""
    own = committee_store.copy(flagged, tmp_path)
    for person in (*MEMBERS, MANAGER, LIBRARIAN):
        signed_in(own, person)
    return own


@pytest.fixture
def offered(store) -> str:
    """The ticket of an offer of two books."""
    ticket = keeping.offer(store, LIBRARIAN, "gift", "group", "断るときは返す", "海辺文庫")
    keeping.add(store, LIBRARIAN, ticket, BOOKS)
    return ticket


def states(store, ticket: str) -> list[str]:
    return standing.one(store, ticket)[1]["state"].to_list()


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_without_offers_the_screen_says_what_to_do(open_page, store, lang):
    for person, suffix in ((LIBRARIAN, ""), (MEMBERS[0], "_read")):
        for view, key in (
            ("offers", f"no_offers{suffix}"),
            ("accession", "accession_none"),
            ("named", f"named_none{suffix}"),
        ):
            app = open_page("gifts", lang, store=store, person=person, view=view)
            assert words.say(f"gifts.{key}") in texts(app)
    assert "G2099-001" in texts(open_page("gifts", lang, store=store, ticket="G2099-001"))


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("part", ["scan", "lines", "slip"])
def test_an_offer_in_its_parts(open_page, store, offered, lang, part):
    app = open_page("gifts", lang, store=store, ticket=offered, part=part)
    assert offered in texts(app)
    if part == "lines":
        shown = app.dataframe[0].value
        assert shown.iloc[:, 1].str.contains("あたらしい本|よごれた本").all()
        assert words.say("gifts.proposal_decline") in shown.iloc[1, 4]
    if part == "slip":
        assert offered in app.code[0].value and words.say("gifts.slip_open", n=2) in app.code[0].value
        assert LIBRARIAN.name not in app.code[0].value


def test_an_offer_is_noted_and_its_books_scanned(open_page, store):
    app = open_page("gifts", store=store, person=LIBRARIAN)
    app.text_input(key="offer_conditions").set_value("佐藤様より").run()
    assert any("人の名らしい" in warning.value for warning in app.warning)
    app.button(key="offer_make").click().run()
    assert standing.offers(store) == []
    app.text_input(key="offer_conditions").set_value("返却を望む").run()
    app.button(key="offer_make").click().run()
    [offer] = standing.offers(store)
    assert (offer.conditions, offer.category, offer.way) == ("返却を望む", "person", "gift")
    app = open_page("gifts", store=store, person=LIBRARIAN, ticket=offer.ticket, part="scan")
    assert words.say("gifts.no_lines") in texts(app)
    for typed in ("あたらしい本／海野 灯", "1920093015002"):
        app.text_input(key="gift_scan").set_value(typed).run()
    assert app.text_input(key="gift_scan").value == ""
    [row] = standing.one(store, offer.ticket)[1].to_dicts()
    assert (row["title"], row["c_code"], row["price"]) == ("あたらしい本", "0093", 1500)
    app.text_input(key="gift_scan").set_value("4901234567894").run()
    assert any("ISBNではありません" in warning.value for warning in app.warning)
    app.button(key="gift_undo").click().run()
    assert standing.one(store, offer.ticket)[1]["price"].to_list() == [None]


def test_members_vote_the_manager_decides_and_it_waits_for_accession(open_page, store, offered):
    for member in MEMBERS:
        app = open_page("gifts", store=store, person=member, ticket=offered)
        app.button(key="gift_vote_proposed").click().run()
    assert len(standing.opinions(store, offered)) == 4
    app = open_page("gifts", store=store, person=MANAGER, ticket=offered)
    app.button(key="gift_decide_all").click().run()
    assert states(store, offered) == ["accepted", "declined"]
    app = open_page("gifts", store=store, person=LIBRARIAN, view="accession")
    assert "1冊が受入を待っています" in texts(app)
    app = open_page("gifts", store=store, person=LIBRARIAN, ticket=offered, line="2")
    app.button(key="gift_settle").click().run()
    assert states(store, offered) == ["accepted", "returned"]


def test_a_decision_against_the_opinions_needs_a_reason(open_page, store, offered):
    app = open_page("gifts", store=store, person=MEMBERS[0], ticket=offered)
    app.button(key="gift_vote_proposed").click().run()
    app = open_page("gifts", store=store, person=MANAGER, ticket=offered, line="2")
    app.button(key="accept_gift").click().run()
    assert any("理由を書いてください" in error.value for error in app.error)
    assert states(store, offered) == ["offered", "offered"]
    app.text_input(key="gift_reason").set_value("補修して使う").run()
    app.button(key="accept_gift").click().run()
    assert states(store, offered) == ["offered", "accepted"]


@pytest.mark.parametrize(
    ("person", "there", "missing"),
    [
        (LIBRARIAN, {"gift_take_back", "gift_undo_lines"}, {"gift_vote_for", "accept_gift", "gift_decide_all"}),
        (MEMBERS[0], {"gift_vote_for", "gift_vote_proposed"}, {"gift_take_back", "accept_gift", "gift_decide_all"}),
        (MANAGER, {"accept_gift", "decline_gift", "gift_decide_all"}, {"gift_vote_for", "gift_take_back"}),
    ],
)
def test_everybody_sees_what_the_role_allows(open_page, store, offered, person, there, missing):
    app = open_page("gifts", store=store, person=person, ticket=offered, line="1")
    keys = {button.key for button in app.button}
    assert there <= keys and not missing & keys
    scan = open_page("gifts", store=store, person=person, ticket=offered, part="scan")
    assert ("gift_scan" in {field.key for field in scan.text_input}) == (person is LIBRARIAN)


def test_a_partner_does_not_open_the_screen(open_page, store, offered):
    app = open_page("gifts", store=store, role="partner", ticket=offered)
    assert "断るときは返す" not in texts(app) and app.error


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_one_line_is_told_and_mended(open_page, store, offered, lang):
    app = open_page("gifts", lang, store=store, ticket=offered, line="1")
    assert f"{offered}/1" in texts(app).replace("\\", "")
    seq = standing.one(store, offered)[1]["seq"][0]
    app.text_input(key=f"mend_isbn_{seq}").set_value("9784101010014")
    app.text_input(key=f"mend_pub_year_{seq}").set_value("平成11")
    [submit] = [button for button in app.button if button.label == words.say("gifts.line_button")]
    submit.click().run()
    row = standing.one(store, offered)[1].row(0, named=True)
    assert (row["isbn"], row["pub_year"], row["title"]) == ("9784101010014", 1999, "あたらしい本")


def test_a_person_says_which_holding_it_is(open_page, store, facts):
    query = """
        SELECT bib.bib_id, bib.title, bib.author FROM judged JOIN facts_of_day.bib AS bib USING (bib_no)
        WHERE judged.usable AND length(bib.title) > 12 AND bib.volume IS NULL AND judged.material = 'book' ORDER BY bib.bib_no LIMIT 1
    """
    bib_id, title, author = facts.execute(query).fetchone()
    ticket = keeping.offer(store, LIBRARIAN, "gift", "person")
    keeping.add(store, LIBRARIAN, ticket, [{"title": title[:-3] + "ほん", "author": author}])
    app = open_page("gifts", store=store, person=LIBRARIAN, ticket=ticket, line="1")
    [choice] = [radio for radio in app.radio if radio.key.startswith("gift_same_")]
    assert len(choice.options) > 1
    choice.set_value(bib_id).run()
    app.button(key="gift_same_take").click().run()
    assert standing.one(store, ticket)[1]["chosen"].to_list() == [bib_id]
    app = open_page("gifts", store=store, person=LIBRARIAN, ticket=ticket, line="1")
    [choice] = [radio for radio in app.radio if radio.key.startswith("gift_same_")]
    choice.set_value(lines.NONE).run()
    app.button(key="gift_same_take").click().run()
    assert standing.one(store, ticket)[1]["chosen"].to_list() == [lines.NONE]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_items_go_into_a_named_collection_and_the_card_says_so(open_page, store, flagged, lang):
    items = small_store.items_of(flagged, "verdict IS NULL")[:2]
    app = open_page("gifts", lang, store=store, person=LIBRARIAN, view="named")
    app.text_area(key="lock_numbers").set_value("\n".join([*items, "00000000"])).run()
    app.text_input(key="lock_name_None_None").set_value("海辺文庫").run()
    app.button(key="lock").click().run()
    assert app.error and named.items(store).is_empty()  # a reason is needed
    app.text_input(key="lock_reason").set_value("寄贈の約束").run()
    app.button(key="lock").click().run()
    assert set(named.items(store, "海辺文庫")["item_id"]) == set(items)
    app = open_page("gifts", lang, store=store, person=LIBRARIAN, view="named", name="海辺文庫")
    assert all(item in texts(app) for item in items) and words.say("gifts.unlock_manager") in texts(app)
    card = texts(open_page("card", lang, store=store, item=items[0]))
    assert "海辺文庫" in card
    app = open_page("gifts", lang, store=store, person=MANAGER, view="named", name="海辺文庫")
    app.multiselect(key="unlock_items").set_value(items[:1]).run()
    app.text_input(key="unlock_reason").set_value("約束が終わった").run()
    app.button(key="unlock").click().run()
    assert named.items(store)["item_id"].to_list() == items[1:]


def test_what_was_received_goes_into_the_collection_that_was_wished_for(open_page, store, offered, flagged):
    item = small_store.items_of(flagged, "verdict IS NULL")[3]
    for member in MEMBERS:
        open_page("gifts", store=store, person=member, ticket=offered).button(key="gift_vote_proposed").click().run()
    open_page("gifts", store=store, person=MANAGER, ticket=offered).button(key="gift_decide_all").click().run()
    row = standing.lines(store, "accepted").row(0, named=True)
    keeping.receive(store, LIBRARIAN, {row["line"]: [item]}, {row["line"]: row["seq"]})
    done = open_page("gifts", store=store, person=LIBRARIAN, ticket=offered, part="lines", which="done")
    assert words.say("gifts.to_named", name="海辺文庫") in texts(done)
    app = open_page("gifts", store=store, person=LIBRARIAN, view="named", from_ticket=offered)
    assert app.text_input(key=f"lock_name_None_{offered}").value == "海辺文庫"
    app.button(key="lock").click().run()
    assert named.items(store).select("item_id", "name", "ticket").rows() == [(item, "海辺文庫", offered)]


def test_accounts_of_members_make_the_quorum(store):
    assert {member.id for member in accounts.members(store)} == {member.id for member in MEMBERS}
