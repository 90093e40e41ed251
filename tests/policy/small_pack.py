"""A small pack that is right in every part; tests break one thing at a time."""

from pathlib import Path

FILES = {
    "policy.toml": """\
name    = "small"
title   = { ja = "小さい市 令和3年4月版", en = "Small city, April 2021" }
library = { ja = "小さい市立図書館", en = "Small City Library" }
city    = { ja = "小さい市", en = "Small City" }
clauses = "clauses.csv"

[documents.management]
prefix = "km"
title  = { ja = "資料要綱", en = "Guideline" }

[documents.criteria]
prefix = "cc"
title  = { ja = "資料基準", en = "Criteria" }

[lists."ゆかりの著者"]
file = "lists/authors.csv"
en   = "Authors from the city"
""",
    "clauses.csv": "document,clause\nmanagement,8-2-1\nmanagement,8-2-3\nmanagement,9-1\nmanagement,13-1\ncriteria,2-1\n",
    "lists/authors.csv": "著者名,備考\n水野あかり,市内の生まれ\n",
    "capacity.csv": "所蔵館,開架,書庫\n中央館,1000,500\n",
    "operating.toml": """\
["不明の起算"]
value   = "年度末"
choices = ["年度末", "年度始", "確認日"]
gist    = "不明の年数の数え始め"
en      = "Lost: counted from"

["受入保護年数"]
value = 2
unit  = "年"
gist  = "受け入れて間もないもの"
en    = "Protected after accession"

["利用だけの無利用年数"]
value = 10
gist  = "利用だけで見る分類の年数"
en    = "Idle years where use alone decides"

["督促の間隔年数"]
value = 1
gist  = "督促が続いているとみる間隔"
en    = "Reminders: longest gap"

["複本1冊の年間貸出"]
value = 12
gist  = "1冊で応じられる1年の貸出"
en    = "Loans one copy can serve in a year"

["弱い手がかりが揃う数"]
value = 2
gist  = "弱い手がかりが揃う数"
en    = "Weak signs"

["同じ本とみる点数"]
value = 90
gist  = "同じ本とみる点数"
en    = "Same title"

["委員会の定足数"]
value = 0.5
gist  = "委員会の定足数"
en    = "Quorum"

["受け持つ委員の数"]
value = 2
gist  = "受け持つ委員の数"
en    = "Readers"

["委員会の賛成割合"]
value = 0.5
gist  = "委員会の賛成割合"
en    = "Majority"

["偏りの有意水準"]
value = 0.01
gist  = "偏りの有意水準"
en    = "Level"

["偏りの最少冊数"]
value = 3
gist  = "偏りの最少冊数"
en    = "Fewest items"

["照会の回答日数"]
value = 14
gist  = "照会の回答日数"
en    = "Days to answer"

["平均の厚さ"]
value = 25
gist  = "平均の厚さ"
en    = "Thickness"

["充填率の下限"]
value = 0.6
gist  = "充填率の下限"
en    = "e58585e5"

["充填率の上限"]
value = 0.9
gist  = "充填率の上限"
en    = "e58585e5"

["受入見込の年数"]
value = 3
gist  = "受入見込の年数"
en    = "e58f97e5"

["鮮度を比べる最少冊数"]
value = 100
gist  = "鮮度を比べる最少冊数"
en    = "e9aeaee5"

["一人の著者の割合の目安"]
value = 0.1
gist  = "一人の著者の割合の目安"
en    = "e4b880e4"

["一つの出版者の割合の目安"]
value = 0.2
gist  = "一つの出版者の割合の目安"
en    = "e4b880e3"

["一つの叢書の割合の目安"]
value = 0.3
gist  = "一つの叢書の割合の目安"
en    = "e4b880e3"

["集中をみる最少タイトル数"]
value = 30
gist  = "集中をみる最少タイトル数"
en    = "e99b86e4"

["断った寄贈の扱い"]
value = "返却する"
gist  = "断った寄贈の扱い"
en    = "Declined gifts"

["複本1冊の予約"]
value = 5
gist  = "複本1冊の予約"
en    = "e8a487e6"

["本を置く館の利用"]
value = 1.0
gist  = "本を置く館の利用"
en    = "Use of the class at a branch"

["館の利用を比べる冊数"]
value = 50
gist  = "館の利用を比べる冊数"
en    = "Fewest items of a class"

["リクエスト1件の優先点"]
value = 10
gist  = "リクエスト1件の優先点"
en    = "Points for a request"

["予約1件の優先点"]
value = 5
gist  = "予約1件の優先点"
en    = "Points for a hold"

["買替の優先点"]
value = 4
gist  = "買替の優先点"
en    = "Points for a replacement"

["不足する類の優先点"]
value = 2
gist  = "不足する類の優先点"
en    = "Points for a short class"

["納品が蔵書に載るまでの日数"]
value = 30
gist  = "納品が蔵書に載るまでの日数"
en    = "Days until the holdings show it"

["挙げる本の出版からの年数"]
value = 10
gist  = "挙げる本の出版からの年数"
en    = "Years since publication"

["類ごとに挙げる本"]
value = 20
gist  = "類ごとに挙げる本"
en    = "Titles a class"

["よく借りられる貸出"]
value = 6
gist  = "よく借りられる貸出"
en    = "e38288e3"

["ゆかりの著者の名簿"]
value = "ゆかりの著者"
gist  = "ゆかりの著者の名簿"
en    = "Local authors"

["各館に揃える名簿"]
value = "児童の名簿"
gist  = "各館に揃える名簿"
en    = "e59084e9"
""",
    "terms.toml": """\
["低利用"]
when = "無利用年数 >= 分類の無利用年数"
gist = "分類の運用値より長く使われていない"
en   = "Low use"

["低価値"]
when      = "新しい版あり OR 低利用 AND 出版からの年数 > 鮮度の下限"
gist      = "古いか、新しい版がある"
en        = "Low value"
operating = { "鮮度の下限" = 5 }
""",
    "classes.toml": """\
[[class]]
prefix = ""
idle_years = 5
shelf_life = 10

[[class]]
prefix = "9"
idle_years = 5
use_only = true
""",
    "score.toml": """\
[use]
weight  = 40
formula = "LEAST(100, 過去3年の貸出 * 一回の点)"
unknown = 50
ja = "利用"
en = "Use"
operating = { "一回の点" = 20 }

[freshness]
weight  = 30
formula = "100 - 5 * 出版からの年数"
unknown = 50
ja = "新しさ"
en = "Freshness"

[scarcity]
weight  = 20
formula = "100 / 同じ本の冊数"
unknown = 100
ja = "少なさ"
en = "Scarcity"

[priority]
weight  = 10
formula = { "郷土区分 IS NOT NULL" = "100", else = "30" }
unknown = 30
ja = "重点"
en = "Priority"
""",
    "clues.toml": """\
[[clue]]
words  = ["小さい市"]
fields = ["書名", "件名"]

[[clue]]
classes = ["216.4"]
""",
    "management/8-2-1.toml": """\
id       = "km-8-2-1"
document = "management"
clause   = "8-2-1"
article  = "資料要綱 第8条第2項第1号"
effect   = "candidate"
route    = { "資料状態 = '汚損'" = "discard", else = "give_away" }
advice   = { "COALESCE(予約数, 0) > 0" = "replace", "配架場所 = '開架'" = "closed_stack" }
survivor = true
label    = "いたみ"

[[version]]
in_force = 2021-04-01
gist     = "いたんだもの"
when     = "資料状態 IN ('汚損', '破損')"
reason   = "資料状態は{資料状態}。[出版から{出版からの年数}年。]"
""",
    "management/8-2-3.toml": """\
id       = "km-8-2-3"
document = "management"
clause   = "8-2-3"
article  = "資料要綱 第8条第2項第3号"
effect   = "candidate"
route    = "record_only"
label    = "不明"

[[version]]
in_force = 2021-04-01
gist     = "長く見つからないもの"
values   = { "経過年数" = 3 }
when     = "状態 = '不明' AND 不明確認からの年数 >= 経過年数"
reason   = "{不明確認日}に不明を確認し、{不明確認からの年数}年（規則は{経過年数}年）。"

[[version]]
in_force = 2024-04-01
gist     = "長く見つからないもの（短くした）"
values   = { "経過年数" = 2 }
when     = "状態 = '不明' AND 不明確認からの年数 >= 経過年数"
reason   = "{不明確認日}に不明を確認し、{不明確認からの年数}年（規則は{経過年数}年）。"
""",
    "management/9-1.toml": """\
id       = "km-9-1"
document = "management"
clause   = "9-1"
article  = "資料要綱 第9条"
effect   = "measure"
measured_by = "行先"
governs  = { "8-2-1" = "discard" }

[[version]]
in_force = 2021-04-01
gist     = "まず学校に声をかける"
""",
    "management/13-1.toml": """\
id       = "km-13-1"
document = "management"
clause   = "13-1"
article  = "資料要綱 第13条"
effect   = "keep"
blocks   = { "8-2-1" = "ask", "8-2-3" = "keep" }

[[version]]
in_force = 2021-04-01
gist     = "預かったもの、著者が市にゆかりのあるもの"
when     = "受入区分 = '寄託' OR 名簿 = 'ゆかりの著者'"
reason   = "[受入区分 = '寄託' ? 預かった資料。][名簿「{名簿}」に載る。]"

[[version]]
in_force = 2030-04-01
repealed = true
""",
    "criteria/2-1.toml": """\
id       = "cc-2-1"
document = "criteria"
clause   = "2-1"
article  = "資料基準 第2の1"
effect   = "ask"
missing  = ["装丁"]

[[version]]
in_force = 2021-04-01
gist     = "作りの丈夫なもの"
""",
    "cases/km-8-2-3.csv": """\
rule,case,on,expected,状態,不明確認からの年数
km-8-2-3,不明から3年,2023-04-01,該当,不明,3
km-8-2-3,不明から2年は改正の前は足りない,2024-03-31,該当なし,不明,2
km-8-2-3,不明から2年は改正の日から足りる,2024/4/1,該当,不明,2
km-8-2-3,確認日の記録がない,2023-04-01,判定不能,不明,
km-8-2-3,施行の前の日,2021-03-31,施行前,不明,9
""",
    "en.toml": """\
[names]
"経過年数" = "years passed"

["km-8-2-3"]
label = "lost"
gist = "Long lost"
reason = "Lost since {不明確認日:月}, {不明確認からの年数} years."

["km-8-2-1"]
label = "worn"
gist = "Worn"
reason = "Condition: {資料状態}."

["km-13-1"]
gist = "Deposits and local authors"
reason = "[受入区分 = '寄託' ? On deposit.][Listed: {名簿}.]"
""",
}


def write_pack(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """The small pack in `folder`/small, with some files replaced (None: left out)."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = folder / "small" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder / "small"
