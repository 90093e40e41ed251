"""The small pack with rules about titles on offer: signs of every kind, limits, and clauses that point to others."""

from pathlib import Path

from tests.policy import small_pack

POLICY = """
[documents.lending]
prefix = "ln"
title  = { ja = "貸出要綱", en = "Lending rules" }

[lists."受賞作品"]
file = "lists/awards.csv"
en   = "Awards"
"""
CLAUSES = (
    "lending,8-1\nlending,8-1-1\nlending,8-1-3\nlending,8-2\nlending,9-1\nlending,9-1-1\nlending,9-1-2\nlending,9-1-3\n"
)
SIGNS = {
    "policy.toml": small_pack.FILES["policy.toml"] + POLICY,
    "clauses.csv": small_pack.FILES["clauses.csv"] + "criteria,2-2\ncriteria,2-3\ncriteria,2-4\ncriteria,2-5\n" + CLAUSES,
    "lists/awards.csv": "書名,著者名,ISBN,備考\n夜明けの港,,,賞\n,,9784000000017,賞\n,北野光,,賞\n",
    "word_groups.toml": """\
["学参の語"]
words  = ["ドリル", "問題集", "学問のすゝめ", "C++"]
fields = ["書名", "叢書名"]
except = ["電気ドリル"]
en     = "study aids"

["健康の主張"]
words  = ["治る", "奇跡"]
fields = ["書名", "版表示"]
en     = "health claims"

["自費の出版者"]
words  = ["文芸会"]
fields = ["出版者"]
en     = "vanity presses"
""",
    "lending/8-1.toml": """\
id        = "ln-8-1"
document  = "lending"
clause    = "8-1"
article   = "貸出要綱 第8条"
effect    = "measure"
measured_by = "冊数の上限"
ways      = ["request"]
cited_for = ["held", "duplicate"]

[[version]]
in_force = 2021-04-01
gist     = "1人4冊まで"
values   = { "上限" = 4 }

[[version.sign]]
name   = "図書"
en     = "a book"
strong = true
when   = "NOT (資料種別 = 'CD')"
""",
    "lending/8-1-1.toml": """\
id       = "ln-8-1-1"
document = "lending"
clause   = "8-1-1"
article  = "貸出要綱 第8条第1号"
effect   = "measure"
measured_by = "冊数の上限"
ways     = ["request"]

[[version]]
in_force = 2021-04-01
gist     = "まんがは2冊まで"
values   = { "上限" = 2 }

[[version.sign]]
name   = "まんが"
en     = "a comic"
strong = true
when   = "資料種別 = 'コミック' OR Cコードの形態 = '9'"
""",
    "lending/8-1-3.toml": """\
id       = "ln-8-1-3"
document = "lending"
clause   = "8-1-3"
article  = "貸出要綱 第8条第3号"
effect   = "measure"
measured_by = "冊数の上限"
ways     = ["request"]

[[version]]
in_force = 2021-04-01
gist     = "夏は受賞作品を2冊まで"
values   = { "上限" = 2 }

[[version.sign]]
name   = "夏の受賞作品"
en     = "an award in summer"
strong = true
when   = "名簿 = '受賞作品' AND 受付月 IN (7, 8)"
""",
    "lending/8-2.toml": """\
id       = "ln-8-2"
document = "lending"
clause   = "8-2"
article  = "貸出要綱 第8条第2項"
effect   = "measure"
measured_by = "冊数の上限"
ways     = ["request"]

[[version]]
in_force = 2021-04-01
gist     = "CDは1点まで"
values   = { "上限" = 1 }

[[version.sign]]
name   = "CD"
en     = "a CD"
strong = true
when   = "資料種別 = 'CD'"
""",
    "lending/9-1-1.toml": """\
id       = "ln-9-1-1"
document = "lending"
clause   = "9-1-1"
article  = "貸出要綱 第9条第1号"
effect   = "refuse"
ways     = ["request"]
instead  = ["interlibrary"]

[[version]]
in_force  = 2021-04-01
gist      = "学参"
values    = { "安い額" = 900 }
operating = { "学参の分類" = ["375", "376.8"] }

[[version.sign]]
name   = "Cコードの対象が6・7"
en     = "C-code 6 or 7"
strong = true
when   = "Cコードの対象 IN ('6', '7')"

[[version.sign]]
name   = "学参の語"
en     = "words of study aids"
strong = false
when   = "語群 = '学参の語'"

[[version.sign]]
name   = "教育の分類"
en     = "class of education"
strong = false
when   = "分類 IN 学参の分類"

[[version.sign]]
name   = "児童の安い本"
en     = "a cheap children's book"
strong = false
when   = "利用対象 = '児童' AND 本体価格 < 安い額"
""",
    "lending/9-1-2.toml": """\
id       = "ln-9-1-2"
document = "lending"
clause   = "9-1-2"
article  = "貸出要綱 第9条第2号"
effect   = "refuse"
ways     = ["request"]

[[version]]
in_force = 2021-04-01
gist     = "まんが"

[[version.sign]]
name   = "Cコードの形態が9"
en     = "C-code form 9"
strong = true
when   = "Cコードの形態 = '9'"

[[version.sign]]
name   = "まんがの分類"
en     = "class of comics"
strong = false
when   = "分類 = '726.1'"

[[version.sign]]
name   = "コミックと書かれている"
en     = "called a comic"
strong = false
when   = "資料種別 = 'コミック'"
""",
    "lending/9-1-3.toml": """\
id       = "ln-9-1-3"
document = "lending"
clause   = "9-1-3"
article  = "貸出要綱 第9条第3号"
effect   = "refuse"
ways     = ["request"]

[[version]]
in_force = 2021-04-01
gist     = "集めていない雑誌"

[[version.sign]]
name   = "集めていない雑誌"
en     = "a periodical not taken"
strong = true
when   = "資料種別 = '雑誌' AND NOT 収集している雑誌"
""",
    "criteria/2-2.toml": """\
id       = "cc-2-2"
document = "criteria"
clause   = "2-2"
article  = "資料基準 第2の2"
effect   = "committee"
cited_for = ["on_order"]

[[version]]
in_force  = 2021-04-01
gist      = "よく見て決めるもの"
operating = { "高い額" = 5000 }

[[version.sign]]
name   = "健康の主張"
en     = "health claims"
strong = false
when   = "語群 = '健康の主張'"

[[version.sign]]
name   = "自費出版"
en     = "a vanity press"
strong = true
when   = "語群 = '自費の出版者' AND 郷土区分 IS NULL"

[[version.sign]]
name   = "高い本"
en     = "an expensive book"
strong = false
when   = "本体価格 >= 高い額"

[[version.sign]]
name   = "古い本"
en     = "an old book"
strong = false
when   = "出版からの年数 > 分類の鮮度年数"
""",
    "criteria/2-3.toml": """\
id       = "cc-2-3"
document = "criteria"
clause   = "2-3"
article  = "資料基準 第2の3"
effect   = "refuse"
ways     = ["gift", "deposit"]
signs_of = ["cc-2-2", "ln-9-1-1"]

[[version]]
in_force = 2021-04-01
gist     = "前の二つに当たるものは、もらわない"
""",
    "criteria/2-4.toml": """\
id       = "cc-2-4"
document = "criteria"
clause   = "2-4"
article  = "資料基準 第2の4"
effect   = "prefer"

[[version]]
in_force = 2021-04-01
gist     = "市のもの"

[[version.sign]]
name   = "郷土の印"
en     = "marked local"
strong = true
when   = "郷土区分 IN ('郷土', '酒')"

[[version.sign]]
name   = "市ゆかりの著者"
en     = "an author of the city"
strong = true
when   = "名簿 = 'ゆかりの著者'"

[[version.sign]]
name   = "市を指す言葉"
en     = "words that point to the city"
strong = false
when   = "地域の手がかり IS NOT NULL"
""",
    "criteria/2-5.toml": """\
id       = "cc-2-5"
document = "criteria"
clause   = "2-5"
article  = "資料基準 第2の5"
effect   = "ask"

[[version]]
in_force = 2021-04-01
gist     = "人が見るもの"
question = "訳がよいか。"

[[version.sign]]
name   = "外国語"
en     = "in another language"
strong = false
when   = "言語 <> 'jpn' OR 版表示 = '改訳'"

[[version.sign]]
name   = "寄せられたもの"
en     = "given"
strong = false
when   = "受け入れ方 IN ('寄贈', '寄託')"
""",
}  # fmt: skip
FILES = small_pack.FILES | SIGNS


def write_pack(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """The small pack with its rules about titles on offer in `folder`/small, with some files replaced."""
    return small_pack.write_pack(folder, SIGNS | (changes or {}))
