-- What may a rule ask of each title on offer (words/title_facts.toml)? One row a row of `bib`. way: how the titles are
-- offered (request, gift, deposit, selection); as_of: the day that years are counted to. Reads bib, class_value, bib_list
-- and bib_clue (facts.mark), bib_words (bib_no, word_groups, found_words) and serial_title (title_key)
-- and serial_issue (bib_no).
-- Filled in and read by selection/facts.py.
CREATE OR REPLACE TEMP VIEW title_fact AS
SELECT
    bib.bib_no,
    {way} AS way,
    bib.title, bib.publisher, bib.edition,
    nullif(bib.c_code[1], '') AS c_target,
    nullif(bib.c_code[2], '') AS c_form,
    nullif(bib.c_code[3:4], '') AS c_content,
    bib.ndc, bib.material, bib.audience, bib.language, bib.local, bib.price, bib.pub_year,
    (year({as_of}) - bib.pub_year)::SMALLINT AS years_published,
    class_value.class_shelf_life,
    month({received_on}) AS received_month,
    bib.title_key IN (SELECT title_key FROM serial_title) OR issue.bib_no IS NOT NULL AS serial_held,
    bib_words.word_groups, bib_words.found_words,
    bib_clue.local_clue,
    bib_list.listed
FROM bib
LEFT JOIN class_value ON class_value.class_key = coalesce(bib.ndc, bib.class_mark)
LEFT JOIN serial_issue AS issue ON issue.bib_no = bib.bib_no
LEFT JOIN bib_words ON bib_words.bib_no = bib.bib_no
LEFT JOIN bib_clue ON bib_clue.bib_no = bib.bib_no
LEFT JOIN bib_list ON bib_list.bib_no = bib.bib_no
