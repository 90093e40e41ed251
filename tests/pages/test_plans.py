import re
from dataclasses import replace
from datetime import date

import pytest

from collection import words
from collection.pages import plans_books
from collection.plans import counting, keeping, model, writing
from collection.plans.counting import Count
from collection.plans.model import Indicator, Period, Plan, Project
from collection.plans.standing import Standing
from collection.roles import Person
from tests.pages.conftest import texts


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("plan", sorted(keeping.samples()))
def test_every_sample_opens_in_every_view(open_page, lang, plan):
    kept = keeping.samples()[plan]
    for view in ("goals", "form"):
        shown = texts(open_page("plans", lang, plan=plan, view=view))
        assert kept.plan.name in shown.replace("\\", "")
        assert kept.plan.projects[0].name in shown
    project = kept.plan.projects[0]
    assert project.name in texts(open_page("plans", lang, plan=plan, project=project.no)).replace("\\", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("way", ["target", "file", "copy"])
def test_every_way_to_make_a_plan_opens(open_page, lang, way):
    assert texts(open_page("plans", lang, view="new", way=way))


@pytest.fixture
def open_own(open_page, store):
    """Opens the screen over a store of the test's own."""
    return lambda lang="ja", role="librarian", **query: open_page("plans", lang, store=store, role=role, **query)


@pytest.fixture
def copied(open_own, store):
    """The id of the sample list of targets, made a plan of one's own."""
    app = open_own(view="new", copy="kanazawa-library-2024")
    press(app, "keep_copy")
    [plan_id] = keeping.kept(store)
    return plan_id


def press(app, key: str):
    button = next(
        button for button in app.button if button.key and button.key.startswith(key) or button.label.startswith(key)
    )
    button.click().run()
    assert not app.exception
    return app


def field(app, start: str):
    """The field whose key begins so."""
    return next(
        each
        for kind in (app.text_input, app.text_area, app.selectbox)
        for each in kind
        if each.key and each.key.startswith(start)
    )


def project_of(open_own, plan_id, no="3", **more):
    return open_own(plan=plan_id, project=no, year="2024", **more)


def test_a_sample_is_copied_into_a_plan_of_ones_own(open_own, copied, store):
    kept = keeping.kept(store)[copied]
    assert kept.plan.library == "西宮市立図書館" and kept.plan.note == "" and kept.plan.columns == ("2024",)
    shown = texts(open_own(fy="2024"))
    assert kept.plan.name in shown and "紙芝居" in shown and 'class="goal"' in shown
    assert kept.plan.name not in texts(open_own(fy="2025")).split("見本")[0]


def test_a_figure_and_a_judgement_are_entered_and_their_history_is_shown(open_own, copied, store):
    app = project_of(open_own, copied)
    field(app, "actual_").set_value("６２冊")
    field(app, "note_").set_value("台帳から")
    field(app, "judgement_").set_value("b")
    field(app, "why_").set_value("傷みが多い")
    field(app, "evaluation_").set_value("入れ替えが進んだ")
    press(app, "令和6年度の実績")
    assert "記録しました" in app.success[0].value
    reports = {report.details["indicator"]: report for report in keeping.reports(store, copied).values()}
    assert reports["1"].details["actual"] == 62 and reports["1"].note == "台帳から"
    assert reports[""].details["remarks"]["judgement"] == "b"
    shown = texts(project_of(open_own, copied))
    assert "62冊" in shown and "傷みが多い" in shown and "山田" in shown and "入れ替えが進んだ" in shown
    app = press(project_of(open_own, copied), "令和6年度の実績")
    assert "変わったところがない" in app.warning[0].value


@pytest.mark.parametrize(("actual", "judgement", "word"), [("たくさん", "", "たくさん"), ("12", "c", "理由")])
def test_what_cannot_be_entered_is_told_and_given_back(open_own, copied, store, actual, judgement, word):
    app = project_of(open_own, copied)
    field(app, "actual_").set_value(actual)
    field(app, "judgement_").set_value(judgement)
    press(app, "令和6年度の実績")
    assert word in app.warning[0].value and f"書いた内容: 紙芝居 {actual}" in app.warning[0].value.replace("\\", "")
    assert keeping.reports(store, copied) == {}


def test_who_comes_second_is_told_who_was_first_and_keeps_the_words(open_own, copied, store):
    app = project_of(open_own, copied)
    plan = keeping.kept(store)[copied].plan
    [one] = plan.project("3").indicators
    first = Person("sato", "佐藤", frozenset({"manager"}))
    keeping.record(store, first, plan, [keeping.entered(plan, plan.project("3"), one, "2024", 5, "", 0)])
    field(app, "actual_").set_value("62")
    press(app, "令和6年度の実績")
    assert "佐藤さん" in app.warning[0].value and "62" in app.warning[0].value
    assert [report.details["actual"] for report in keeping.reports(store, copied).values()] == [5]


def test_the_books_that_count_are_as_many_as_the_figure_says(open_own, copied, store, facts):
    plan = keeping.kept(store)[copied].plan
    wide = replace(plan.projects[0].indicators[0], where=({"material": ["picture_book"]},))
    plan = replace(plan, projects=(replace(plan.projects[0], indicators=(wide,)),))
    keeping.keep(store, Person("sato", "佐藤", frozenset({"manager"})), plan, keeping.kept(store)[copied].seq)
    found = counting.books(facts, wide, date(2024, 4, 1), date(2025, 3, 31))
    assert len(found) > 50
    seen = []
    for page in range(1, -(-len(found) // 50) + 1):
        shown = texts(project_of(open_own, copied, "1", page=str(page)))
        assert f"**{len(found):,}冊**" in shown
        seen += re.findall(r'href="card\?item=(\w+)', shown)
    assert seen == found["item_id"].to_list()
    month = texts(project_of(open_own, copied, "1", month="2024-06"))
    assert f"**{sum(day.month == 6 for day in found['accession_date'])}冊**" in month


def test_one_target_after_the_other_makes_a_plan(open_own, store, facts):
    for name, material in (("絵本", "picture_book"), ("紙芝居", "kamishibai")):
        app = open_own(view="new", fy="2024")
        field(app, "target_name").set_value(name)
        next(each for each in app.multiselect if each.key == "target_material").set_value([material])
        next(each for each in app.number_input if each.key == "target_count").set_value(3)
        kept = keeping.kept(store)
        app.selectbox(key="target_plan").set_value(next(iter(kept), ""))
        press(app, "目標を加える")
        assert "加えました" in app.success[0].value
    [kept] = keeping.kept(store).values()
    assert [(one.no, one.name, one.indicators[0].target) for one in kept.plan.projects] == [
        ("1", "絵本", {"2024": 3}), ("2", "紙芝居", {"2024": 3})
    ]  # fmt: skip
    books = counting.books(facts, kept.plan.projects[1].indicators[0], date(2024, 4, 1), date(2025, 3, 31))
    assert f'<td class="n">{len(books)}冊</td>' in texts(open_own(fy="2024"))


def test_a_target_without_a_name_or_with_a_filter_that_cannot_be_is_refused(open_own, store):
    app = press(open_own(view="new"), "目標を加える")
    assert "名前" in app.warning[0].value
    app = open_own(view="new")
    field(app, "target_name").set_value("満足度")
    field(app, "target_source").set_value("entered")
    field(app, "target_words").set_value("図書館")
    press(app, "目標を加える")
    assert "where" in app.warning[0].value
    assert keeping.kept(store) == {}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_plan_is_dropped_with_a_reason(open_own, copied, store, lang):
    app = press(open_own(lang, plan=copied), "drop_plan")
    assert app.warning and copied in keeping.kept(store)
    app = open_own(lang, plan=copied)
    field(app, "drop_why").set_value("見直し")
    press(app, "drop_plan")
    assert keeping.kept(store) == {}


@pytest.mark.parametrize("role", ["committee", "admin"])
def test_who_may_not_write_reads(open_own, copied, role):
    app = project_of(open_own, copied, role=role)
    assert not [button for button in app.button if button.label.startswith("令和6年度の実績")]
    assert not [each for each in app.text_input if each.key and each.key.startswith("actual_")]
    assert "司書と課長" in texts(open_own(role=role, view="new"))
    assert "keep_copy" not in {button.key for button in open_own(role=role, view="new", way="copy").button}


def test_addresses_that_mean_nothing_open_the_list(open_own, copied):
    for query in ({"plan": "nope"}, {"fy": "²"}, {"fy": "99999999"}, {"view": "new", "fy": "１９９０"}, {"fy": "x"}, {"plan": copied, "year": "1900"}, {"plan": copied, "view": "<b>"},
                  {"plan": copied, "project": "3", "page": "-1", "month": "2031-01"}, {"view": "new", "way": "?"}):  # fmt: skip
        assert not open_own(**query).error


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_history_of_a_plan(open_own, copied, lang):
    shown = texts(open_own(lang, plan=copied, view="history"))
    assert ("計画を書いた" if lang == "ja" else "Plan set") in shown


def test_a_file_is_read_in_and_replaces_the_plan_it_was_taken_out_of(open_own, copied, store):
    plan = keeping.kept(store)[copied].plan
    changed = writing.toml(plan).decode().replace('"2024" = 60', '"2024" = 61').encode()
    app = open_own(view="new", way="file")
    app.file_uploader[0].set_value(("koushin.toml", changed, "application/toml")).run()
    assert plan.name in app.warning[0].value
    press(app, "keep_file")
    kept = keeping.kept(store)
    assert list(kept) == [copied] and kept[copied].plan.project("3").indicators[0].target == {"2024": 61}
    app = open_own(view="new", way="file")
    app.file_uploader[0].set_value(("list.csv", "事業名,目標\n本,たくさん".encode(), "text/csv")).run()
    assert "list.csv 2行目" in app.error[0].value.replace("\\", "") and "keep_file" not in {
        one.key for one in app.button
    }


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_sentence_on_the_forecast_holds_its_figures(lang):
    one, plan = Indicator("1", "絵本", unit="冊"), keeping.samples()["kanazawa-library-2024"].plan
    stand = Standing(plan, {}, {}, date(2024, 11, 20))
    counts = {
        "48": Count(48, 2024), "7": Count(7, 2024, True), "64.1": Count(48, 2024, True, 74.9, None, None, "days", 0.641),
        "60.0": Count(48, 2024, True, 80.0, 71.6, 92.3, "season", 0.6),
    }  # fmt: skip
    token = words.language.set(lang)
    try:
        said = {figure: plans_books.told(stand, count, one) for figure, count in counts.items()}
    finally:
        words.language.reset(token)
    assert all(figure in text for figure, text in said.items())
    assert "75冊" in said["64.1"] and "30" in said["64.1"]
    assert all(figure in said["60.0"] for figure in ("80冊", "72冊", "92冊", "2024-11-20"))


@pytest.mark.parametrize("view", ["goals", "form", "history"])
def test_what_people_wrote_is_shown_as_it_is(open_own, store, view):
    harm = "<script>alert(1)</script> **x** [y](z) $a$ :red[b]"
    one = Indicator("<i>", harm, unit="<u>", target={"2024": 3}, actual={"2024": 2})
    project = Project(
        "<b>", harm, harm, harm, harm, harm, content=harm, indicators=(one,), remarks={"2024": {"evaluation": harm}}
    )
    plan = Plan(
        "harm",
        harm,
        harm,
        "progress" if view == "form" else "targets",
        (Period(("2024",), harm),),
        (project, Project("2", "取組だけ")),
    )
    keeping.keep(store, Person("sato", "<s>佐藤", frozenset({"manager"})), model.of(model.told(plan)), 0)
    for app in (open_own(plan="harm", view=view), open_own(fy="2024"), open_own(plan="harm", project="<b>")):
        drawn = "".join(each.value for each in app.get("html"))
        assert "<script>alert" not in drawn and "<u>" not in drawn and "<s>佐" not in drawn
        spoken = [each.value for kind in ("subheader", "caption", "markdown") for each in app.get(kind)]
        spoken += [each.label for kind in ("button", "page_link") for each in app.get(kind)]
        assert any("script" in text for text in spoken)
        assert not [text for text in spoken if re.search(r"(?<!\\)(<script>|:red|\[y)|(?<!\\)\*(?!\*)x", text)]
