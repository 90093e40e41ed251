"""Every kind of mistake that can be made in a text editor is found, placed and explained; one test for each."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from collection import words
from collection.policy import PolicyErrors, check, load
from collection.words import Problem
from tests.policy import small_pack
from tests.policy.sign_pack import FILES, SIGNS, write_pack

R3, R1, KEEP, ASK = "management/8-2-3.toml", "management/8-2-1.toml", "management/13-1.toml", "criteria/2-1.toml"
ROAD = "management/9-1.toml"
STUDY, COMICS, LIMIT = "lending/9-1-1.toml", "lending/9-1-2.toml", "lending/8-1-1.toml"
EYES, POINTER, ASKED = "criteria/2-2.toml", "criteria/2-3.toml", "criteria/2-5.toml"
GROUPS, COMIC = "word_groups.toml", "when   = \"Cコードの形態 = '9'\""


def test_small_packs_are_right(small, tmp_path):
    assert [str(problem) for problem in check(small)] == []
    assert [str(problem) for problem in check(write_pack(tmp_path / "signs"))] == []


# file, what is written, what is written instead, words that the message must have
MISTAKES = {
    "toml_syntax": (R3, 'id       = "km-8-2-3"', 'id       = "km-8-2-3', ["8-2-3.toml 1行目", "引用符"]),
    "toml_japanese_key": (R3, '{ "経過年数" = 3 }', "{ 経過年数 = 3 }", ["8-2-3.toml 12行目", '"経過年数" = 3']),
    "toml_full_width": (R3, 'gist     = "長く見つからないもの"', "gist     ＝ “長い”", ["11行目", "全角", "半角"]),
    "toml_impossible_date": (R3, "2021-04-01", "2021-02-30", ["10行目", "暦", "2021-04-01"]),
    "toml_key_twice": (R3, 'clause   = "8-2-3"', 'clause   = "8-2-3"\nclause = "8"', ["8-2-3.toml", "二度"]),
    "date_as_text": (R3, "in_force = 2024-04-01", 'in_force = "2024年4月1日"', ["17行目", "2024年4月1日", "in_force = 2021-04-01"]),
    "date_with_time": (R3, "in_force = 2024-04-01", "in_force = 2024-04-01T00:00:00", ["17行目", "日付"]),
    "unknown_key": (R3, "gist     =", "gistt     =", ["11行目", "gistt", "近い項目: gist"]),
    "unknown_key_of_rule": (R3, "route    =", "rute    =", ["6行目", "rute", "route"]),
    "missing_key": (R3, 'effect   = "candidate"\n', "", ["8-2-3.toml", "effect", "ありません"]),
    "missing_value": (R3, '"長く見つからないもの"', '""', ["11行目", "gist", "空"]),
    "wrong_type": (R3, '"長く見つからないもの"', "3", ["11行目", "gist", "文字"]),
    "missing_when": (R3, "when     = \"状態 = '不明' AND 不明確認からの年数 >= 経過年数\"\n", "", ["when", "ありません"]),
    "missing_route": (R3, 'route    = "record_only"\n', "", ["route", "ありません"]),
    "missing_reason": (KEEP, "reason ", "question ", ["reason", "ありません"]),
    "missing_blocks": (KEEP, 'blocks   = { "8-2-1" = "ask", "8-2-3" = "keep" }\n', "", ["blocks", "ありません"]),
    "unknown_column": (R3, "不明確認からの年数 >=", "不明確認後の年数 >=", ["13行目", "不明確認後の年数", "不明確認からの年数"]),
    "unknown_word": (R3, "状態 = '不明' AND", "状態 = '紛失' AND", ["13行目", "紛失", "在架、貸出中", "不明"]),
    "text_with_number": (R3, "状態 = '不明' AND", "状態 = 3 AND", ["13行目", "区分の言葉", "数", "比べられません"]),
    "number_with_text": (R3, ">= 経過年数", ">= '3'", ["数", "文字", "比べられません"]),
    "function": (R3, "不明確認からの年数 >=", "ABS(不明確認からの年数) >=", ["関数「ABS」", "LEAST、GREATEST、ROUND、COALESCE"]),
    "subquery": (R3, ">= 経過年数", ">= (SELECT 1)", ["13行目", "「SELECT」は使えません"]),
    "statement": (R3, ">= 経過年数", ">= 3; DROP TABLE item", ["「;」", "使えません"]),
    "comment": (R3, ">= 経過年数", ">= 3 -- 仮", ["注釈"]),
    "not_a_condition": (R3, "状態 = '不明' AND 不明確認からの年数 >= 経過年数", "経過年数 + 1", ["条件になっていません", "数"]),
    "unknown_list": (KEEP, "名簿 = 'ゆかりの著者'", "名簿 = '受賞作'", ["名簿", "受賞作", "ゆかりの著者"]),
    "unknown_effect": (R3, '"candidate"', '"weed"', ["5行目", "effect", "weed", "candidate、keep"]),
    "unknown_route": (R3, '"record_only"', '"burn"', ["6行目", "route", "burn", "transfer_offer"]),
    "unknown_route_in_table": (R1, '"discard"', '"burn"', ["6行目", "burn"]),
    "route_without_else": (R1, ', else = "give_away"', "", ["6行目", "else"]),
    "route_condition": (R1, "資料状態 = '汚損'\"", "資料の状態 = '汚損'\"", ["6行目", "資料の状態", "資料状態"]),
    "unknown_advice": (R1, '"closed_stack"', '"move"', ["7行目", "advice", "move"]),
    "unknown_criterion": (KEEP, '"8-2-1" = "ask"', '"8-2-9" = "ask"', ["6行目", "8-2-9", "8-2-1、8-2-3"]),
    "blocks_becomes": (KEEP, '"8-2-1" = "ask"', '"8-2-1" = "maybe"', ["maybe", "keep、ask"]),
    "route_where_none_belongs": (KEEP, 'effect   = "keep"', 'effect   = "keep"\nroute = "discard"', ["route", "keep"]),
    "placeholder": (R3, "（規則は{経過年数}年）", "（規則は{年限}年）", ["reason", "年限"]),
    "placeholder_sum": (R3, "{経過年数}年", "{経過年数 + 1}年", ["reason", "名前だけ"]),
    "placeholder_cut": (R3, "{不明確認日}", "{不明確認日:週}", ["「:週」", ":月"]),
    "placeholder_cut_of_number": (R3, "{経過年数}", "{経過年数:月}", ["日付ではない"]),
    "reason_bracket": (R3, "{経過年数}年）", "{経過年数年）", ["reason", "括弧"]),
    "reason_segment": (R1, "[出版から{出版からの年数}年。]", "[古い。]", ["[ ]", "古い。"]),
    "id_form": (R3, '"km-8-2-3"', '"km-8-2-4"', ["1行目", "km-8-2-4", "km-8-2-3"]),
    "id_of_other_document": (R3, '"km-8-2-3"', '"cc-8-2-3"', ["cc-8-2-3", "km-8-2-3"]),
    "id_twice": (ASK, '"cc-2-1"', '"km-9-1"', ["id「km-9-1」", "criteria/2-1.toml"]),
    "unknown_document": (R3, 'document = "management"', 'document = "managment"', ["2行目", "managment", "management"]),
    "unknown_clause": (R3, 'clause   = "8-2-3"', 'clause   = "8-2-33"', ["3行目", "8-2-33", "8-2-3"]),
    "article": (R3, '"資料要綱 第8条', '"資料基準 第8条', ["4行目", "資料要綱"]),
    "versions_overlap": (R3, "2024-04-01", "2021-04-01", ["17行目", "2021-04-01", "重ならない"]),
    "versions_out_of_order": (R3, "2024-04-01", "2019-04-01", ["17行目", "2019-04-01", "古い版から"]),
    "no_version": (ASK, FILES[ASK].partition("[[version]]")[2], "", ["criteria/2-1.toml", "in_force"]),
    "value_named_as_operating": (R3, "values   = { \"経過年数\" = 3 }", "values   = { \"経過年数\" = 3 }\noperating = { \"経過年数\" = 4 }", ["「経過年数」", "ほかの値"]),
    "value_named_as_fact": (R3, "values   = { \"経過年数\" = 3 }", "values   = { \"経過年数\" = 3, \"予約数\" = 1 }", ["「予約数」", "資料の項目"]),
    "value_name_form": (R3, "values   = { \"経過年数\" = 3 }", "values   = { \"経過年数\" = 3, \"3年\" = 1 }", ["「3年」", "式に書けない"]),
    "value_kind": (R3, "values   = { \"経過年数\" = 3 }", "values   = { \"経過年数\" = [] }", ["経過年数", "並び"]),
    "negative_years_of_rule": (R3, '"経過年数" = 3', '"経過年数" = -3', ["経過年数", "-3", "0以上"]),
    "missing_is_a_fact": (ASK, '["装丁"]', '["出版年"]', ["6行目", "出版年", "when"]),
    "when_and_missing": (ASK, "gist ", "when = \"状態 = '不明'\"\nreason = \"不明\"\ngist ", ["when", "missing", "両方"]),
    "no_test": (ASK, 'missing  = ["装丁"]\n', "", ["調べ方がありません", "question"]),
    "unknown_measure": ("management/9-1.toml", '"行先"', '"行く先"', ["6行目", "行く先", "行先"]),
    "pack_name": ("policy.toml", '"small"', '"large"', ["policy.toml 1行目", "large", "small"]),
    "english_missing_in_title": ("policy.toml", ', en = "Small City Library" }', " }", ["policy.toml 3行目", "library", "en"]),
    "prefix_twice": ("policy.toml", 'prefix = "cc"', 'prefix = "km"', ["km", "ほかの文書"]),
    "document_form": ("policy.toml", 'prefix = "cc"\n', "", ["criteria", "prefix"]),
    "no_clauses_file": ("policy.toml", '"clauses.csv"', '"clause.csv"', ["policy.toml 5行目", "clause.csv"]),
    "no_list_file": ("policy.toml", "lists/authors.csv", "lists/author.csv", ["lists/author.csv", "ありません"]),
    "list_column": ("lists/authors.csv", "著者名,備考", "著者,備考", ["lists/authors.csv", "「著者」", "著者名"]),
    "list_row": ("lists/authors.csv", "水野あかり,", ",", ["lists/authors.csv 2行目"]),
    "list_form": ("policy.toml", 'en   = "Authors from the city"\n', "", ["ゆかりの著者", "en"]),
    "parameter_missing": ("operating.toml", '["不明の起算"]', '["不明のはじめ"]', ["operating.toml", "不明の起算"]),
    "parameter_choice": ("operating.toml", 'value   = "年度末"', 'value   = "年末"', ["operating.toml", "年末", "年度末、年度始、確認日"]),
    "parameter_form": ("operating.toml", '["受入保護年数"]\nvalue = 2', '"保護" = 2\n["受入保護年数"]\nvalue = 2', ["operating.toml"]),
    "parameter_negative": ("operating.toml", "value = 2", "value = -2", ["受入保護年数", "-2", "0以上"]),
    "term_mistake": ("terms.toml", "無利用年数 >=", "無使用年数 >=", ["terms.toml 1行目", "無使用年数", "無利用年数"]),
    "term_below": ("terms.toml", "無利用年数 >= 分類の無利用年数", "低価値 AND 一度も貸出なし", ["terms.toml", "低価値"]),
    "term_named_as_fact": ("terms.toml", '["低利用"]', '["状態"]', ["状態", "資料の項目"]),
    "term_without_when": ("terms.toml", 'when = "無利用年数 >= 分類の無利用年数"\n', "", ["terms.toml", "when"]),
    "class_twice": ("classes.toml", 'prefix = "9"', 'prefix = ""', ["classes.toml 7行目", "二度"]),
    "class_default": ("classes.toml", 'prefix = ""', 'prefix = "0"', ["classes.toml", 'prefix = ""']),
    "class_negative": ("classes.toml", "idle_years = 5\nuse_only", "idle_years = -5\nuse_only", ["classes.toml 7行目", "idle_years", "-5"]),
    "class_fraction": ("classes.toml", "shelf_life = 10", "shelf_life = 2.5", ["classes.toml 4行目", "整数"]),
    "score_weight": ("score.toml", "weight  = 40", 'weight  = "40"', ["score.toml 2行目", "weight", "数"]),
    "score_sum": ("score.toml", "weight  = 40", "weight  = 50", ["score.toml", "110", "100"]),
    "score_part": ("score.toml", "[scarcity]", "[rarity]", ["score.toml", "rarity", "scarcity"]),
    "score_formula": ("score.toml", '"100 / 同じ本の冊数"', '"利用できる"', ["score.toml", "scarcity", "数になりません"]),
    "score_else": ("score.toml", ', else = "30"', "", ["priority", "else"]),
    "score_unknown": ("score.toml", "unknown = 100", "unknown = 101", ["scarcity", "0から100"]),
    "clue_field": ("clues.toml", '"件名"', '"主題"', ["clues.toml 3行目", "主題", "件名"]),
    "clue_form": ("clues.toml", 'classes = ["216.4"]', 'note = "?"', ["clues.toml", "words", "classes"]),
    "capacity": ("capacity.csv", "1000", "千", ["capacity.csv 2行目", "冊数"]),
    "english_of_no_rule": ("en.toml", '["km-8-2-3"]', '["km-8-2-33"]', ["en.toml", "km-8-2-33", "km-8-2-3"]),
    "english_of_no_version": ("en.toml", '["km-8-2-3"]', '["km-8-2-3@2022-04-01"]', ["en.toml", "km-8-2-3@2022-04-01"]),
    "english_reason": ("en.toml", 'reason = "Condition: {資料状態}."', "", ["en.toml", "km-8-2-1", "reason"]),
    "label_missing": (R3, 'label    = "不明"\n', "", ["8-2-3.toml", "label", "ありません"]),
    "label_in_english": ("en.toml", 'label = "lost"\n', "", ["en.toml", "km-8-2-3", "label"]),
    "governs_of_no_road": (KEEP, 'effect   = "keep"', 'effect   = "keep"\ngoverns  = { "8-2-3" = "discard" }', ["13-1.toml 6行目", "governs", "行先"]),
    "governs_what": (ROAD, '"8-2-1" = "discard"', '"8-2-1" = "burn"', ["9-1.toml 7行目", "governs", "burn", "give_away"]),
    "governs_whom": (ROAD, '"8-2-1" = "discard"', '"8-2-9" = "discard"', ["9-1.toml 7行目", "governs", "8-2-9", "8-2-1"]),
    "inventory_days": ("operating.toml", '["照会の回答日数"]', '["蔵書点検を終えた日"]\nvalue = ["2024-02-09"]\ngist = "点検"\nen = "x"\n\n["照会の回答日数"]', ["operating.toml", "蔵書点検を終えた日", "2024-02-09"]),
    "english_placeholder": ("en.toml", "{資料状態}", "{状況}", ["en.toml", "状況"]),
    "value_named_as_fact_of_titles": (STUDY, '"安い額" = 900', '"Cコードの内容" = 900', ["9-1-1.toml 12行目", "「Cコードの内容」", "資料の項目"]),
    "word_group_form": (GROUPS, '["学参の語"]', '"表でない" = 3\n["学参の語"]', ["word_groups.toml 1行目", "「表でない」", "words", "fields"]),
    "word_group_semicolon": (GROUPS, '["健康の主張"]', '["健康;主張"]', ["word_groups.toml 7行目", "健康;主張", ";"]),
    "word_group_without_words": (GROUPS, 'words  = ["文芸会"]\n', "", ["word_groups.toml 12行目", "words", "ありません"]),
    "word_group_field": (GROUPS, '["出版者"]', '["件名"]', ["word_groups.toml 12行目", "件名", "書名、叢書名、著者名、出版者、版表示"]),
    "word_group_word": (GROUPS, '"奇跡"', '"（・）"', ["word_groups.toml 7行目", "健康の主張", "（・）", "記号だけ"]),
    "word_group_except": (GROUPS, '"電気ドリル"', '"―"', ["word_groups.toml 1行目", "学参の語", "―", "記号だけ"]),
    "unknown_word_group": (COMICS, "資料種別 = 'コミック'", "語群 = '漫画の語'", ["9-1-2.toml 28行目", "語群", "漫画の語", "学参の語、健康の主張、自費の出版者"]),
    "sign_form": (COMICS, "[[version.sign]]\nname   = \"まんがの分類\"", "[[version.x]]\nname   = \"まんがの分類\"", ["9-1-2.toml 18行目", "「x」"]),
    "sign_no_table": (COMICS, FILES[COMICS].partition("まんが\"\n")[2], 'sign = ["まんが"]\n', ["9-1-2.toml 11行目", "[[version.sign]]"]),
    "sign_without_english": (COMICS, 'en     = "class of comics"\n', "", ["9-1-2.toml 18行目", "en", "ありません"]),
    "sign_without_strength": (COMICS, 'en     = "class of comics"\nstrong = false\n', 'en     = "class of comics"\n', ["18行目", "strong"]),
    "sign_strength_in_words": (COMICS, 'en     = "class of comics"\nstrong = false', 'en     = "class of comics"\nstrong = "弱い"', ["9-1-2.toml 21行目", "strong"]),
    "sign_unknown_key": (COMICS, 'when   = "分類 =', 'wenn   = "分類 =', ["9-1-2.toml 22行目", "wenn", "近い項目: when"]),
    "sign_twice": (COMICS, '"コミックと書かれている"', '"まんがの分類"', ["9-1-2.toml 25行目", "まんがの分類", "二つ"]),
    "sign_and_when": (COMICS, 'gist     = "まんが"\n', "gist     = \"まんが\"\nwhen = \"状態 = '不明'\"\nreason = \"?\"\n", ["9-1-2.toml 8行目", "sign", "when"]),
    "sign_and_missing": (COMICS, 'ways     = ["request"]\n', 'ways     = ["request"]\nmissing = ["装丁"]\n', ["9-1-2.toml 9行目", "sign", "missing"]),
    "signs_of_and_missing": (POINTER, "signs_of =", 'missing = ["装丁"]\nsigns_of =', ["2-3.toml 10行目", "sign", "missing"]),
    "sign_on_a_keep_rule": (COMICS, '"refuse"', '"keep"', ["9-1-2.toml 12行目", "sign", "keep"]),
    "sign_on_a_candidate": (COMICS, '"refuse"', '"candidate"', ["9-1-2.toml 12行目", "sign", "candidate"]),
    "sign_asks_an_item": (COMICS, COMIC, 'when   = "無利用年数 > 3"', ["9-1-2.toml 16行目", "Cコードの形態が9", "「無利用年数」という項目はありません"]),
    "sign_asks_an_item_further_down": (COMICS, "\"資料種別 = 'コミック'\"", '"予約数 > 3"', ["9-1-2.toml 28行目", "コミックと書かれている", "「予約数」"]),
    "sign_with_unknown_word": (COMICS, "資料種別 = 'コミック'", "資料種別 = '漫画'", ["9-1-2.toml 28行目", "漫画", "コミック"]),
    "sign_names_a_term": (COMICS, COMIC, 'when   = "低利用"', ["9-1-2.toml 16行目", "「低利用」という項目はありません"]),
    "when_asks_a_title": (R3, "状態 = '不明' AND", "語群 = '学参の語' AND", ["8-2-3.toml 13行目", "「語群」という項目はありません"]),
    "signs_of_no_rule": (POINTER, '"ln-9-1-1"]', '"ln-9-1-9"]', ["2-3.toml 7行目", "ln-9-1-9", "ln-9-1-"]),
    "signs_of_a_rule_without": (POINTER, '"ln-9-1-1"]', '"cc-2-1"]', ["2-3.toml 7行目", "cc-2-1", "手がかり"]),
    "signs_of_the_same_value": (EYES, "高い額", "安い額", ["2-3.toml 7行目", "「安い額」", "ほかの値"]),
    "unknown_way": (POINTER, '"deposit"]', '"loan"]', ["2-3.toml 6行目", "ways", "loan", "request、gift、deposit、selection"]),
    "unknown_instead": (STUDY, '"interlibrary"', '"bookshop"', ["9-1-1.toml 7行目", "instead", "bookshop", "reserve、other_edition、interlibrary、ndl"]),
    "unknown_cited_for": (EYES, '"on_order"', '"ordered"', ["2-2.toml 6行目", "cited_for", "ordered", "on_order"]),
    "limit_without_value": (LIMIT, '"上限" = 2', '"上げ限" = 2', ["8-1-1.toml 9行目", "上限", "sign"]),
    "limit_in_words": (LIMIT, '"上限" = 2', '"上限" = "二冊"', ["8-1-1.toml 9行目", "上限"]),
    "limit_without_signs": (LIMIT, "[[version.sign]]" + FILES[LIMIT].partition("[[version.sign]]")[2], "", ["8-1-1.toml 9行目", "上限", "sign"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(tmp_path, name):
    file, old, new, said = MISTAKES[name]
    assert old in FILES[file]
    folder = write_pack(tmp_path, {file: FILES[file].replace(old, new, 1)})
    messages = [str(problem) for problem in check(folder)]
    assert any(all(word in message for word in said) for message in messages), messages
    with pytest.raises(PolicyErrors):
        load(folder, date(2025, 4, 1))


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_in_english(tmp_path, name):
    file, old, new, _ = MISTAKES[name]
    folder = write_pack(tmp_path, {file: FILES[file].replace(old, new, 1)})
    token = words.language.set("en")
    try:
        assert all(re.search("[A-Za-z]", str(problem)) for problem in check(folder))
    finally:
        words.language.reset(token)


def test_all_mistakes_are_told_at_once(tmp_path):
    changes = {
        R3: FILES[R3].replace("route ", "rute ").replace(">= 経過年数", ">= 3;"),
        "score.toml": FILES["score.toml"].replace("40", "41"),
        "terms.toml": "x = ",
    }
    folder = write_pack(tmp_path, changes)
    with pytest.raises(PolicyErrors) as caught:
        load(folder, date(2025, 4, 1))
    text = str(caught.value)
    assert len(caught.value.problems) >= 3
    assert all(word in text for word in ("rute", "score.toml", "101", "terms.toml 1行目"))


def test_two_mistakes_in_one_condition(tmp_path):
    folder = write_pack(tmp_path, {R3: FILES[R3].replace("状態 = '不明' AND 不明確認", "情態 = '不明' AND 明確認", 1)})
    text = "\n".join(map(str, check(folder)))
    assert "「情態」" in text
    assert "「明確認からの年数」" in text


def _toml(value: object) -> str:
    """A value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _spoiled(data: object, wrong: object):
    """Every copy of `data` with one value, at any depth, put in place of another."""
    for key in data if isinstance(data, dict) else range(len(data)):
        whole = dict(data) if isinstance(data, dict) else list(data)
        yield {**data, key: wrong} if isinstance(data, dict) else [*data[:key], wrong, *data[key + 1 :]]
        if isinstance(data[key], dict | list):
            for inner in _spoiled(data[key], wrong):
                whole[key] = inner
                yield whole


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".toml")])
@pytest.mark.parametrize("wrong", [3, "x", True, [], [1], {}, {"x": 1}, date(2021, 4, 1)], ids=str)
def test_no_value_breaks_the_check(tmp_path, file, wrong):
    """Whatever stands where something else should: told as a mistake or accepted, never a crash."""
    folder = write_pack(tmp_path) if file in SIGNS else small_pack.write_pack(tmp_path)
    for spoiled in _spoiled(tomllib.loads(FILES[file]), wrong):
        text = "\n".join(f"{json.dumps(key)} = {_toml(value)}" for key, value in spoiled.items())
        (folder / file).write_text(text, encoding="utf-8")
        if not [str(problem) for problem in check(folder)]:
            load(folder, date(2025, 4, 1))


def test_no_folder():
    with pytest.raises(Problem, match="見つかりません"):
        check(Path("/nowhere/at/all"))


def test_a_file_is_missing(tmp_path):
    assert any("score.toml" in str(problem) for problem in check(write_pack(tmp_path, {"score.toml": None})))


def test_a_file_with_a_wrong_name(tmp_path):
    folder = write_pack(tmp_path, {"term.toml": ""})
    assert any("term.toml" in str(problem) and "terms" in str(problem) for problem in check(folder))


def test_a_file_in_another_encoding(tmp_path):
    folder = write_pack(tmp_path)
    (folder / R3).write_bytes(FILES[R3].encode("cp932"))
    assert any("8-2-3.toml 4行目" in str(problem) and "UTF-8" in str(problem) for problem in check(folder))


def test_lists_from_excel_in_cp932_can_be_read(tmp_path):
    folder = write_pack(tmp_path)
    (folder / "lists/authors.csv").write_bytes(FILES["lists/authors.csv"].encode("cp932"))
    assert check(folder) == []
