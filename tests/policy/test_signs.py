"""The signs of 西宮市's pack: words find what they are meant for and nothing else, and weak ones never decide alone."""

import csv
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from collection import policy
from collection.policy.model import WAYS
from collection.policy.signs import TOGETHER
from collection.selection import facts
from collection.selection.signs import rules_of, weigh
from collection.sources import stage
from collection.store.connection import connect

ROOT = Path(__file__).parents[2]
PACK = ROOT / "data" / "policies" / "nishinomiya"
NACSIS = ROOT / ".." / "shared" / "real" / "nacsis" / "cat10000_url.tsv"
DAY = date(2025, 4, 1)
MOST_TO_COMMITTEE, MOST_REFUSED = 0.05, 0.001  # shares of ordinary books
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
NO_SERIALS = pl.DataFrame(schema={"title_key": pl.String})

EXAMPLES = {  # group → texts in which a word of it is found, texts in which none is
    "学参の語": (
        ["チャート式基礎からの数学I+A", "うんこ漢字ドリル 小学1年生", "全国高校入試問題正解 英語", "英単語ターゲット1900", "教科書ガイド 国語", "数学標準問題精講", "古文単語330"],
        ["大学入試改革の迷走", "脳を鍛える大人の計算ドリル", "フローチャート式でわかる解剖学", "多剤併用療法を主とするチャート式癌化学療法", "司法書士過去問題集", "一問一答 新しい相続法", "人生問題集", "ドリルを売るには穴を売れ", "二月の勝者に学ぶ中学受験"],
    ),
    "演習の語": (["算数の問題集", "けいさんドリル", "国語の過去問"], ["演じるということ", "問題のある集団", "過去を問う"]),
    "入試の語": (["埼玉県公立高校入試", "2025年度用", "傾向と対策"], ["大学入試の終焉", "入試改革を問う", "大学入試センターの三十年", "受験案内"]),
    "学参の出版者": (["教学社", "増進堂・受験研究社", "文英堂", "東京学参"], ["東京教学社", "医学書院", "法学書院", "学研プラス", "旺文社", "東京書籍"]),
    "本でない物の語": (
        ["2025年壁掛けカレンダー 京都", "九九のおふろポスター", "ロボット工作キット", "フィギュア付き限定版"],
        ["家庭菜園カレンダー", "ポスター芸術の歴史", "サーキットの狼", "掛図にみる明治の教育", "カレンダー・ガール", "競技かるたの歴史"],
    ),
    "付録が主の語": (["特大付録 はたらくくるま", "ゆったりポーチBOOK", "e-MOOK 秋の号"], ["付録のない雑誌", "ブランド論", "電子ブックの時代"]),
    "飛び出す仕掛けの語": (
        ["不思議の国のアリス ポップアップ絵本", "恐竜 飛び出す絵本", "いないいないばあ 音の出る絵本", "ひろげてつなげて布えほん"],
        ["ポップアップカードの作り方", "飛び出す絵本の歴史", "とびだすしかけカード入門", "手づくり布の絵本", "海へとびだす", "音の出るしくみ", "ポップアップ・ストアの作り方"],
    ),
    "平らな仕掛けの語": (["きんぎょがにげたしかけえほん", "穴あき絵本 くだもの", "めくり絵本 どうぶつ"], ["しかけ絵本の世界", "仕掛け絵本を作る", "しかけに感動する京都名庭園", "機関銃の仕掛け"]),
    "綴じの語": (["ルーズリーフ参考資料", "現行法規総覧 加除式", "かんたん料理 リング式"], ["ベアリング式の機械", "モニタリング式の評価", "リングワールド", "カード式目録"]),
    "書き込む作りの語": (
        ["大人のぬり絵 花", "書き込み式 相続の手続き", "ひらがな なぞり書き", "きょうりゅうシールブック", "難問ナンプレ100", "点つなぎ どうぶつ"],
        ["シールド工法の設計", "ぬりえ文化", "数独の数理", "アザラシの海", "書き込み寺の謎", "点字シール付き絵本", "塗り絵の心理学"],
    ),
    "ドリル・ワークの語": (
        ["脳活性ドリル", "マインドフルネスワークブック", "私のエンディングノート", "ペン字練習帳"],
        ["マンドリルの森", "ドリルを売るには穴を売れ", "日本語練習帳", "エンディングノートのすすめ", "理科ワークブック指導の手引", "電動ドリルの本"],
    ),
    "切る・組み立てる語": (
        ["世界のお城ペーパークラフト", "おりがみつき はじめての折り方", "切り絵の花"],
        ["江戸切り絵図を歩く", "くっきりえほん", "切り絵作家の仕事", "はじめてのおりがみ", "切り紙の歴史", "ペーパーの世界"],
    ),
    "コミックの叢書の語": (["ジャンプ・コミックス", "ビッグコミックス", "まんがタイムKR"], ["講談社学習コミック", "角川まんが学習シリーズ", "経済学叢書", "エコノミクス選書"]),
    "コミックの題の語": (["ドラマのコミカライズ", "三国志 コミック版", "論語 漫画版"], ["まんがでわかる統計学", "マンガの描き方", "漫画の歴史", "コミック文化論"]),
    "コミックの出版者": (["秋田書店", "芳文社", "スクウェア・エニックス"], ["集英社", "講談社", "白泉社", "小学館", "秋田魁新報社"]),
    "雑誌の号の語": (["暮しの手帖 2025年4月号", "現代思想 臨時増刊", "隔月刊 園芸"], ["三日月号の冒険", "満月号出航す", "週刊ポストの真実", "月刊誌の時代", "月の号令"]),
    "別冊の語": (["別冊太陽 茶の湯", "タツミムック", "Odaiba mook"], ["別冊付録つき", "別冊解答", "別の冊子", "スムーク"]),
    "週刊の語": (["週刊東洋経済"], ["一週間で刊行する", "月刊日本"]),
    "音や映像の語": (
        ["となりのトトロ DVD", "吹奏楽名曲集 [録音資料]", "映画音楽 サウンドトラック", "名曲 ブルーレイ"],
        ["DVDつき はじめてのヨガ", "DVDでよくわかる太極拳", "DVDブック 落語", "OECD経済統計", "CDつき英会話", "DVD-ROM版百科", "iMac DV/DV special edition"],
    ),
    "付属のディスクの語": (["CD付き 英会話", "はじめての中国語 CDブック", "CD-ROM付 年賀状"], ["OECDの統計", "CDの歴史", "付属高校の時代"]),
    "データの入ったディスクの語": (["年賀状素材 CD-ROM", "建築図面集 DVD-ROM"], ["CD-ROMの作り方", "CDで聴く落語", "ROM構造の解析"]),
    "18歳未満の語": (["特別版 R18+", "18禁の館"], ["R1800の研究", "Tetsujiro (1855-1944)", "18歳からの法律"]),
    "シングル盤の語": (["春のうた CDシングル", "海 マキシシングル"], ["シングルの暮らし", "シングル・マザー", "シングルトンの定理"]),
    "大型絵本の語": (["はらぺこあおむし 大型絵本", "ぐりとぐら ビッグブック"], ["大型絵本の読み聞かせ", "ビッグブックスの経営", "大型犬の飼い方", "絵本の大型店"]),
    "自費出版系の出版者": (["文芸社", "近代文藝社", "新風舎", "幻冬舎ルネッサンス", "東京図書出版会"], ["日本文芸社", "東京文芸社", "東京図書", "幻冬舎", "日本近代文学館", "学芸社"]),
    "企業出版の出版者": (["幻冬舎メディアコンサルティング", "現代書林"], ["幻冬舎", "ダイヤモンド社", "現代書館", "日経BP"]),
    "詩歌の出版者": (["ふらんす堂", "短歌研究社", "文學の森"], ["日本文芸社", "短歌俳句社", "思潮社", "森の文学社"]),
    "句集・歌集・詩集の語": (["黒き帆 : 句集", "冬の歌集", "朝の詩集"], ["詩の集い", "歌の集まり", "俳句の集い"]),
    "学術の語": (["古稀記念論文集", "調査研究報告書", "影印本", "学位論文要旨"], ["論文の書き方", "紀行文", "研究者という生き方", "博士の愛した数式"]),
    "教団の出版者": (["幸福の科学出版", "聖教新聞社", "天理教道友社", "いのちのことば社", "本願寺出版社", "神社新報社"], ["サンパウロ人文科学研究所", "サンパウロ新聞社", "春秋社", "潮出版社", "佼成出版社", "本願寺文化興隆財団"]),
    "入信をすすめる語": (["わたしの信仰体験", "入信のすすめ", "訪問伝道の栞"], ["伝道者の書", "日本伝道史", "布教の社会学", "配布教材"]),
    "占い・霊の語": (
        ["六星占術による運命", "開運風水", "あなたの前世", "四柱推命入門"],
        ["昭和十年北海道風水害", "資金運用の実務", "公開運動会", "占いの歴史", "オーラルヒストリー", "スピリチュアルケア入門", "展開運転の技術", "占い師の民俗"],
    ),
    "精神世界の出版者": (["たま出版", "ヒカルランド", "ナチュラルスピリット"], ["さきたま出版会", "ひかりのくに", "光村図書出版"]),
    "子どもの占い・霊の語": (["ラブ運アップ!星うらない", "本当にあった心霊写真", "恋のおまじない", "心理テスト大全集"], ["のろいかめ", "うらない師ルーの事件", "学校の怪談", "心霊の科学"]),
    "投資の語": (["株の入門", "はじめての投資信託", "FXの教科書"], ["貯金の習慣", "不動の心"]),
    "もうけ話の語": (["億り人の習慣", "100万円を1億円にした私の投資", "大儲け・小儲け"], ["億万長者の経済史", "もうけの哲学", "億の単位", "一億円の壁"]),
    "健康の宣伝の語": (
        ["奇跡の健康法", "飲むだけでやせる", "腰痛が治る", "ホメオパシー的予防"],
        ["奇跡の脳", "驚異の小宇宙・人体", "酵素の化学", "波動関数入門", "がんを治す法則", "ダイエットの科学", "うつを生きる", "みるみる母性看護"],
    ),
    "薬や食品の効能の語": (["苦しまずにガンは治る", "末期がんから生還した", "難病が治った水"], ["がん治療の最前線", "がんと生きる", "消えたがん患者", "奇跡の水族館員"]),
    "ソフトや機種の名": (["Excel関数事典", "はじめてのエクセル", "iPhoneの教科書", "ChatGPT入門"], ["Online communities", "表計算の数学", "電話の歴史", "アンドロイドの夢"]),
    "写真集の語": (["昭和の写真集", "猫PHOTO BOOK"], ["写真の歴史", "写真を集める"]),
    "ペットの語": (["柴犬の毎日", "ねこだらけ", "うさぎと暮らす"], ["アイヌの写真", "イヌイットの一年", "トランペットの吹き方", "犬吠埼の朝", "カーペットの文様", "柴又の町"]),
    "作品集の語": (["東山魁夷画集", "入江泰吉写真集", "図案作品集"], ["画を集める", "作品の集積", "絵画論"]),
    "芸能の売り出しの語": (["1st写真集", "オフィシャルブック", "アイドルの告白本"], ["俳優の評伝", "能楽の歴史", "演技論"]),
    "芸能人の写真集の語": (["はるか 1st写真集", "ファースト写真集 海", "卒業写真集"], ["卒業アルバム", "山の写真集", "一枚目の写真"]),
    "番組・映画の一作の語": (["連続ドラマ 公式ガイド", "劇場版アニメ設定資料集"], ["映画の歴史", "番組制作の現場", "公式集"]),
    "一人の楽譜の語": (["バンド・スコア ベスト", "ギター弾き語り ベスト曲集", "ピアノ・ピース 春"], ["弾き語り入門", "楽譜の読み方", "スコアリーディング", "ピアノ名曲集"]),
    "成人の語": (["アダルトビデオ革命史", "官能小説の奥義"], ["アダルト・チルドレン", "成人式の歴史", "R1800"]),
    "一過性の語": (["緊急出版 総選挙", "大冒険 攻略本", "2025年の運勢"], ["TOEIC完全攻略", "運動の勢い", "緊急医療"]),
    "市の名": (["西宮の歴史", "夙川の桜", "灘五郷の酒"], ["西宮記の研究", "西宮左大臣", "一宮水産史", "宇都宮水道誌", "宮の水"]),
    "市の役所": (["西宮市教育委員会", "西宮市議会"], ["西宮市文化振興財団", "西宮市社会福祉協議会", "西宮商工会議所"]),
    "市の外郭団体": (["西宮市社会福祉協議会", "西宮市文化振興財団"], ["西宮市", "西宮市教育委員会", "社会福祉協議会"]),
    "市内の団体": (["西宮商工会議所", "西宮神社", "白鹿記念酒造博物館"], ["西宮市", "関西学院大学出版会", "神社本庁"]),
    "県と県内の市町": (["兵庫県教育委員会", "芦屋市", "神戸市企画局"], ["兵庫教育大学", "神戸新聞社", "大阪市", "西宮市"]),
    "阪神と県の語": (["兵庫県の民俗", "阪神間の暮らし", "播磨めぐり"], ["阪神タイガース", "阪神・淡路大震災", "宝塚歌劇の変容", "芦屋釜の名品"]),
    "酒の語": (["日本酒の教科書", "灘の酒造業", "杜氏の技"], ["居酒屋の誕生", "酒と泪", "飲酒運転"]),
    "福神の語": (["七福神めぐり", "えびす信仰の研究", "毘沙門天像の誕生"], ["幸福神話", "至福神学", "福神漬の作り方", "布袋戯入門", "布袋寅泰の軌跡"]),
    "和紙の語": (["和紙の里", "手漉き紙の技"], ["昭和紙芝居史", "平和紙芝居集", "洋紙の歴史"]),
    "人権の語": (["部落解放運動の歴史", "基本的人権", "言語と差別"], ["無差別殺人", "商品の差別化", "合同和解", "同和鉱業百年史", "共同和訳"]),
    "住宅地図の語": (["ゼンリン住宅地図 西宮市"], ["住宅の地図記号", "住宅地の図鑑"]),
    "北部のとなりの市": (["西宮市 南部", "三田市", "神戸市北区"], ["神戸市中央区", "三田の文学", "北区史"]),
    "近畿の語": (["京都府道路地図", "近畿の山"], ["東京都区分地図", "関東の山", "近世の畿内"]),
    "改訂の語": (["改訂版", "第2版", "増補新版"], ["初版", "第12刷", "訂正表"]),
    "大活字の語": (["大活字本シリーズ", "大活字文庫"], ["活字の歴史", "大きな森の小さな家"]),
    "年鑑・白書の語": (["犯罪白書", "世界年鑑", "2025年版"], ["白い書", "年を鑑みる", "白書きの墨"]),
    "多読の語": (["Oxford Bookworms Library", "英語多読入門"], ["多くを読む", "Readers digest", "精読の技"]),
    "日本を表す英語": (["Inside Japan", "Tokyo stories"], ["Citizen and state", "Frozen", "A dozen eggs", "Zenith"]),
    "季節の行事の語": (["ひなまつりのおはなし", "クリスマスの夜"], ["正月の考古学", "祭りの行列", "季節の花"]),
    "赤ちゃんの語": (["あかちゃんのあそびえほん", "0・1・2才のほん", "かがくいひろしのファーストブック"], ["2012年の経済", "1001-2012年表", "赤い茶わん"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def pack():
    return policy.load(PACK, DAY)


def found_in(pack, texts: pl.DataFrame) -> dict[int, set]:
    """The groups found in each row of `texts` (title, series, author, publisher, edition)."""
    hits = facts.word_groups(texts, pack)
    return {bib: set(groups.split(";")) for bib, groups in hits.select("bib_no", "word_groups").iter_rows()}


def in_field(field: str, text: str) -> dict:
    return dict.fromkeys(("title", "series", "author", "publisher", "edition")) | {field: text}


def test_every_group_has_examples_and_is_named_by_a_sign(pack):
    assert list(EXAMPLES) == list(pack.word_groups)
    conditions = " ".join(sign.when for rule in pack.rules for sign in rule.signs)
    assert [name for name in pack.word_groups if f"'{name}'" not in conditions] == []


def test_words_find_what_they_mean_and_nothing_else(pack):
    asked = [
        (group, text, expected)
        for group, sides in EXAMPLES.items()
        for texts, expected in zip(sides, (True, False), strict=True)
        for text in texts
    ]
    rows = [in_field(pack.word_groups[group]["fields"][0], text) for group, text, _ in asked]
    found = found_in(pack, pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).with_row_index("bib_no"))
    wrong = [
        (group, text, expected)
        for place, (group, text, expected) in enumerate(asked)
        if (group in found.get(place, ())) is not expected
    ]
    assert wrong == []


@pytest.mark.parametrize("field", ["title", "series", "author", "publisher", "edition"])
def test_a_group_is_looked_for_in_its_own_fields_only(pack, field):
    words = {name: group["words"][0] for name, group in pack.word_groups.items()}
    rows = pl.DataFrame([in_field(field, word) for word in words.values()], schema_overrides={field: pl.String})
    found = found_in(pack, rows.cast(pl.String).with_row_index("bib_no"))
    for place, name in enumerate(words):
        assert (name in found.get(place, ())) is (field in pack.word_groups[name]["fields"]), name


def weighed(pack, titles: pl.DataFrame, way: str):
    with connect() as connection:
        facts.lay(connection, titles)
        facts.gather(connection, pack, DAY, way, NO_SERIALS)
        return weigh(connection, pack, way)


def ids(pack, way: str, *effects: str) -> list[str]:
    return [rule.id for rule in rules_of(pack, way) if rule.effect in effects]


ALONE = [{"title": text} for sides in EXAMPLES.values() for texts in sides for text in texts]
MORE = ({}, {"ndc": "498"}, {"ndc": "376.8", "publisher": "教学社"}, {"c_code": "6041"}, {"material": "comic"})
STUDY_AID, COMIC = {"title": "数と式", "c_code": "7041"}, {"title": "海の王", "material": "comic", "ndc": "726.1"}
TITLES = [row | more for more in MORE for row in ALONE] + [STUDY_AID, COMIC]  # the first ones are titles alone


@pytest.fixture(scope="module", params=WAYS)
def told(pack, request):
    """(way, what the rules say of TITLES offered in that way)."""
    return request.param, weighed(pack, facts.titles(TITLES), request.param)


def test_a_rule_applies_by_one_strong_sign_or_enough_weak_ones(pack, told):
    """Over all rules of the pack: what the outcome says is counted again from the signs that were found."""
    outcomes = {row["bib_no"]: row for row in told[1].outcomes.iter_rows(named=True)}
    signs = {}
    for row in told[1].found.iter_rows(named=True):
        signs.setdefault((row["bib_no"], row["rule"]), []).append(row["strong"])
    for (bib, rule), strong in signs.items():
        applies = any(strong) or len(strong) >= pack.parameters[TOGETHER]
        assert outcomes[bib][rule] == (2 if applies else 1), (TITLES[bib], rule, strong)
    assert sum(strong == [False] for strong in signs.values()) > 100


def test_a_title_alone_is_never_refused(pack, told):
    way, said = told
    alone = said.outcomes.filter(pl.col("bib_no") < len(ALONE))
    refused = alone.filter(pl.any_horizontal(pl.col(ids(pack, way, "refuse")) == 2))
    assert [TITLES[bib]["title"] for bib in refused["bib_no"]] == []


def test_each_way_has_its_own_clauses(pack, told):
    """A request is refused by the lending guideline, a gift or a purchase by the collection guideline, and never crosswise."""
    way, said = told
    study_aid, comic = said.outcomes.tail(2).iter_rows(named=True)
    refused, looked_at = (
        [[rule for rule in ids(pack, way, effect) if row[rule] == 2] for row in (study_aid, comic)]
        for effect in ("refuse", "committee")
    )
    if way == "request":
        assert (refused, looked_at) == ([["ln-9-1-1"], ["ln-9-1-2"]], [[], []])
        assert not {"km-5-5-2", "km-5-5-3"} & set(said.outcomes.columns)
    else:
        assert (refused, looked_at) == ([["km-5-5-2"], []], [[], ["cc-4-1-8-3"]])
        assert [rule for rule in said.outcomes.columns if rule.startswith("ln-")] == []


def test_every_verdict_that_no_sign_decides_has_its_clause(pack):
    cited = {way: {} for way in WAYS}
    for rule in pack.rules:
        for way in rule.ways:
            for verdict in rule.cited_for:
                cited[way].setdefault(verdict, rule.id)
    bought = dict.fromkeys(("held", "on_order", "duplicate"), "cc-3-1-5")
    assert cited == {
        "request": {"held": "ln-5-1-1", "accept": "ln-5-1-2", "on_order": "ln-5-1-2", "duplicate": "ln-5-1-2", "unclear": "ln-7-2",
                    "cancelled": "ln-10-1-1"},
        "gift": bought | {"accept": "km-12-1"},
        "deposit": bought | {"accept": "km-13-1"},
        "selection": bought | {"accept": "km-5-1"},
    }  # fmt: skip


def test_cases_show_every_answer_that_a_rule_can_give(pack):
    """A hit where the signs can decide, a doubt where one is weak, a miss, and the day before."""
    for rule in pack.rules:
        if not rule.signs:
            continue
        with (PACK / "cases" / f"{rule.id}.csv").open(encoding="utf-8-sig", newline="") as file:
            expected = {row["expected"] for row in csv.DictReader(file)}
        weak = sum(not sign.strong for sign in rule.signs)
        wanted = {"施行前", "該当なし"} | ({"疑い"} if weak else set())
        if weak < len(rule.signs) or (rule.effect in ("refuse", "committee") and weak >= pack.parameters[TOGETHER]):
            wanted.add("該当")
        assert wanted <= expected, (rule.id, wanted - expected)


def test_signs_and_groups_speak_english(pack):
    said = [sign.en for rule in pack.rules for sign in rule.signs] + [pack.names[name] for name in pack.word_groups]
    assert [text for text in said if not text or JAPANESE.search(text)] == []


@pytest.mark.skipif(not NACSIS.exists(), reason="../shared/real is not here: no real titles to measure the signs on")
def test_few_of_ten_thousand_real_titles_are_refused_or_asked_about(pack):
    with connect() as connection:
        (staged,) = stage(connection, NACSIS)
        rows = connection.sql(f"SELECT * FROM {staged.table} WHERE reason IS NULL").pl()
    kept = [name for name in facts.TITLE if name in rows.columns]
    outcomes = weighed(pack, facts.titles(rows.select(kept).to_dicts()), "request").outcomes
    refused = pl.any_horizontal(pl.col(ids(pack, "request", "refuse")) == 2)
    looked_at = ~refused & pl.any_horizontal(pl.col(ids(pack, "request", "refuse", "committee")) >= 1)
    shares = outcomes.select(refused=refused.mean(), looked_at=looked_at.mean()).row(0, named=True)
    assert 0 < shares["refused"] < MOST_REFUSED
    assert 0 < shares["looked_at"] < MOST_TO_COMMITTEE
