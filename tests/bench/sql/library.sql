-- A fictional library as a snapshot (collection/store/schema/snapshot.sql): 0.62 records and 15 loan rows an item,
-- every kind of item the rules know of. The same every time: all chance is a hash of the row's number.
-- Filled in by library.py: items, bibs. Reads clue_word and listed_author (n, text), taken from the pack.
CREATE TEMP MACRO pick(n, salt, many) AS (hash(n, salt) % many)::INTEGER;

CREATE TEMP MACRO day_before(n, salt, days) AS DATE '2025-04-01' - pick(n, salt, days);

INSERT INTO meta VALUES (DATE '2025-04-01', 'bench', 2020 * 12 + 3, 2025 * 12 + 2);

-- Three records in a row share a class and a subject; in some threes they are editions of one work, in some
-- reprints that cannot be put in order, in some two records of one book.
CREATE TEMP TABLE draft AS
SELECT
    bib_no,
    trio,
    kind,
    CASE WHEN pick(trio, 'class', 25) = 0 THEN NULL ELSE
        ['007.6', '007.3', '210.3', '289.1', '291.09', '318.2', '324.7', '336.9', '345.1', '367.3', '369.2', '374.9',
         '388.1', '410.8', '451.8', '481.7', '492.9', '493.1', '498.3', '498.5', '509.6', '543.4', '547.4', '589.2',
         '594.3', '596.2', '611.7', '626.9', '645.6', '689.2', '702.1', '723.1', '726.6', '748.2', '763.2', '783.4',
         '786.1', '816.5', '837.8', '911.3', '913.6', '913.6', '913.6', '913.7', '914.6', '929.1', '933.7', '949.6']
        [1 + pick(trio, 'ndc', 48)]
    END AS ndc,
    ['はじめての', 'やさしい', '図解', '暮らしに役立つ', '新しい', '実例でわかる', '現場の', '続', '親子で学ぶ', '']
        [1 + pick(CASE WHEN kind < 3 THEN trio ELSE bib_no END, 'q', 10)]
    || ['健康体操', '家庭料理', '園芸', '法律相談', '天気図', '山歩き', '表計算', '電子回路', '織物', '陶芸', '写真術',
        '英会話', '短歌', '昔話', '航路', '港町', '鉄道', '統計', '税務', '介護', '子育て', '建築', '音楽会', '星空', '昆虫',
        '海の生物', '漢方', '食中毒', '中世史', '民俗', '随筆', 'ロボット', 'データベース', 'コンピュータ', '旅行', '長い物語']
        [1 + pick(trio, 's', 36)]
    || ['の手引', '入門', 'の歴史', 'の基礎', '読本', 'のすすめ', 'の研究', 'ノート', 'の世界', 'の話'][1 + pick(bib_no // 3, 'f', 10)]
    || CASE WHEN pick(bib_no, 'number', 3) = 0 THEN '' ELSE (pick(trio, 'no', 4000))::VARCHAR END AS title
FROM (SELECT i::INTEGER AS bib_no, (i // 3)::INTEGER AS trio, pick(i // 3, 'kind', 12) AS kind FROM range({bibs}) t(i));

INSERT INTO bib BY NAME
SELECT
    bib_no,
    printf('B%08d', bib_no) AS bib_id,
    marked.title,
    CASE WHEN pick(bib_no, 'series', 5) = 0 THEN '架空叢書' || pick(bib_no, 'series', 400) END AS series,
    CASE
        WHEN pick(bib_no, 'author', 30) = 0 THEN NULL
        WHEN listed_author.text IS NOT NULL THEN listed_author.text || '／著'
        ELSE ['海野', '山辺', '川瀬', '森下', '谷地', '原口', '石渡', '水上', '風間', '雪村'][1 + pick(bib_no, 'a1', 10)]
            || ' ' || ['一葉', '二郎', '三和', '四季', '五月', '六花', '七海', '八重', '九十九', '十和子'][1 + pick(bib_no, 'a2', 10)]
            || CASE WHEN pick(bib_no, 'a3', 4) = 0 THEN '／訳' ELSE '' END
    END AS author,
    '波止場書房' || pick(bib_no, 'publisher', 900) AS publisher,
    CASE WHEN pick(bib_no, 'year', 40) = 0 THEN NULL ELSE 2025 - pick(bib_no, 'year', 60) - kind % 3 END AS pub_year,
    ndc,
    CASE WHEN pick(bib_no, 'mark', 30) = 0 THEN 'E' END AS class_mark,
    ['general', 'general', 'general', 'child', 'young', NULL][1 + pick(bib_no, 'audience', 6)] AS audience,
    CASE
        WHEN pick(trio, 'form', 25) = 0 THEN 'periodical'
        WHEN pick(trio, 'form', 25) = 1 THEN ['yearbook', 'reference', 'picture_book', 'newspaper', NULL][1 + pick(trio, 'm', 5)]
        ELSE 'book'
    END AS material,
    'jpn' AS language,
    800 + pick(bib_no, 'price', 4000) AS price,
    CASE WHEN pick(bib_no, 'subjects', 3) = 0 THEN '件名' || pick(trio, 'subject', 700) END AS subjects,
    CASE WHEN pick(bib_no, 'local', 50) = 0 THEN
        ['local', 'official', 'sake', 'lucky_gods', 'washi', 'human_rights', 'local;sake'][1 + pick(bib_no, 'l', 7)]
    END AS local,
    marked.title AS title_key,
    CASE WHEN kind < 3 THEN trio * 3 ELSE bib_no END AS work_no,
    CASE WHEN kind = 2 AND bib_no % 3 = 1 THEN trio * 3 ELSE bib_no END AS unit_no,
    CASE WHEN kind = 0 THEN bib_no % 3 + 1 END AS edition_rank,
    CASE WHEN kind = 0 THEN '第' || (bib_no % 3 + 1) || '版' END AS edition
FROM (
    SELECT draft.* EXCLUDE (title), CASE
        WHEN clue_word.text IS NOT NULL THEN clue_word.text || 'と' || draft.title
        WHEN pick(bib_no, 'annual', 150) = 0 THEN draft.title || ['年鑑', '白書2019', '年報（令和版）', '年報係'][1 + pick(bib_no, 'an', 4)]
        ELSE draft.title
    END AS title
    FROM draft
    LEFT JOIN clue_word ON pick(bib_no, 'clue', 60) = 0 AND clue_word.n = pick(bib_no, 'word', (SELECT count(*) FROM clue_word))
) AS marked
LEFT JOIN listed_author
    ON pick(bib_no, 'listed', 300) = 0 AND listed_author.n = pick(bib_no, 'name', (SELECT count(*) FROM listed_author))
ORDER BY bib_no;

INSERT INTO item BY NAME
SELECT
    item_no,
    printf('%09d', item_no) AS item_id,
    CASE WHEN pick(item_no, 'lost bib', 500) > 0 THEN bib_no END AS bib_no,
    printf('B%08d', bib_no) AS bib_id,
    branch,
    location,
    coalesce(ndc, '') || '/' || ['ア', 'カ', 'サ', 'タ', 'ナ'][1 + pick(bib_no, 'letter', 5)]
        || CASE WHEN pick(bib_no, 'set', 80) = 0 THEN '/' || (1 + pick(item_no, 'volume', 3)) ELSE '' END AS call_number,
    CASE WHEN pick(item_no, 'accession', 50) > 0 THEN day_before(item_no, 'in', 14000) END AS accession_date,
    ['purchase', 'purchase', 'purchase', 'gift', 'reaccession', NULL, 'purchase', 'purchase'][1 + pick(item_no, 'source', 8)] AS source,
    1500 AS price,
    status,
    CASE pick(item_no, 'condition', 60) WHEN 0 THEN 'damaged' WHEN 1 THEN 'soiled' WHEN 2 THEN 'repairable' WHEN 3 THEN 'good' END AS condition,
    CASE WHEN status = 'missing' AND pick(item_no, 'confirmed', 5) > 0 THEN day_before(item_no, 'gone', 3000) END AS missing_confirmed_on,
    CASE WHEN status = 'on_loan' AND pick(item_no, 'due', 9) > 0 THEN day_before(item_no, 'due on', 3600) END AS due_date,
    CASE WHEN status = 'on_loan' THEN pick(item_no, 'reminders', 5) END AS reminders,
    CASE WHEN status = 'on_loan' AND pick(item_no, 'reminded', 4) > 0 THEN day_before(item_no, 'reminded on', 1500) END AS last_reminder_date,
    CASE WHEN status = 'on_loan' THEN [true, false, NULL][1 + pick(item_no, 'unrecoverable', 3)] END AS unrecoverable,
    CASE WHEN pick(item_no, 'retention', 120) = 0 THEN ['archival', 'permanent', 'rare'][1 + pick(item_no, 'r', 3)] END AS retention,
    CASE WHEN material = 'periodical' AND pick(item_no, 'dated', 6) > 0 THEN day_before(item_no, 'issue', 4500) END AS issue_date,
    CASE WHEN lent = 0 AND pick(item_no, 'last', 5) = 0 THEN 0 ELSE 5 END AS loans_total,
    CASE WHEN lent = 0 AND pick(item_no, 'last', 5) > 1 THEN DATE '2020-03-31' - pick(item_no, 'lent on', 6000) END AS last_loan_date,
    lent = 0 AND pick(item_no, 'last', 5) = 0 AS never_lent,
    CASE WHEN pick(item_no, 'left', 300) = 0 THEN DATE '2025-04-01' END AS gone_on,
    row_number() OVER (ORDER BY branch, location, ndc, item_no) - 1 AS shelf_order
FROM (
    SELECT
        *,
        ['中央館', '北館', '南館', '東館', '西分館', '山手館', '浜手館', '駅前館', '川辺館', '丘の上館', '団地館', '移動図書館']
            [1 + least(pick(item_no, 'branch', 12), pick(item_no, 'branch too', 16))] AS branch,
        ['open', 'open', 'open', 'closed', 'closed', NULL, 'open', 'reference'][1 + pick(item_no, 'location', 8)] AS location,
        CASE
            WHEN pick(item_no, 'status', 25) = 0 THEN 'on_loan'
            WHEN pick(item_no, 'status', 100) = 1 THEN 'missing'
            WHEN pick(item_no, 'status', 100) = 2 THEN
                ['on_hold_shelf', 'in_transit', 'in_repair', 'withdrawn', NULL][1 + pick(item_no, 'st', 5)]
            ELSE 'available'
        END AS status
    FROM (
        SELECT
            i::INTEGER AS item_no,
            (CASE WHEN i < {bibs} THEN i ELSE least(pick(i, 'bib', {bibs}), pick(i, 'bib too', {bibs})) END)::INTEGER AS bib_no,
            lent_months((i * 7919) % 100) AS lent
        FROM range({items}) t(i)
    )
)
JOIN (SELECT bib_no, ndc, material FROM bib) AS record USING (bib_no)
ORDER BY item_no;

UPDATE item SET source = 'deposit' WHERE pick(item_no, 'deposit', 200) = 0;

INSERT INTO loan
SELECT
    item_no,
    2020 * 12 + 3 + CASE lent
        WHEN 4 THEN pick(item_no, 'since', 48) + 3 * k
        WHEN 18 THEN pick(item_no, 'since', 6) + 3 * k
        WHEN 20 THEN pick(item_no, 'since', 3) + 3 * k
        WHEN 40 THEN pick(item_no, 'since', 20) + k
        ELSE k
    END AS month,
    CASE WHEN branch IN ('中央館', '丘の上館') AND pick(item_no, k, 20) = 0 THEN 0 ELSE 1 + pick(item_no, k, 3) END AS loans,
    CASE WHEN branch IN ('中央館', '丘の上館') THEN pick(k, item_no, 2) END AS in_house
FROM (
    SELECT item_no, branch, lent, unnest(range(lent)) AS k
    FROM (SELECT item_no, branch, lent_months((item_no::BIGINT * 7919) % 100) AS lent FROM item)
)
ORDER BY item_no, month;

INSERT INTO hold SELECT pick(i, 'hold', {bibs}), NULL, 1 + pick(i, 'holds', 2) FROM range({items} // 200) t(i);

INSERT INTO retention
SELECT bib_no, CASE WHEN pick(bib_no, 'forever', 6) > 0 THEN 1 + pick(bib_no, 'years', 5) END, pick(bib_no, 'forever', 6) = 0
FROM bib
WHERE material = 'periodical' AND pick(bib_no, 'kept', 4) > 0;

INSERT INTO import_file
SELECT TIMESTAMP '2025-04-01 09:00:00', as_of, 'bench.csv', 'items', '', 'utf-8', '', {items}, {items}, 0, 0, 0, 0, 0, NULL FROM meta;

INSERT INTO partner SELECT printf('P%03d', n), '架空小学校' || n, '小学校', NULL, 'child', NULL FROM range(1, 21) t(n);
