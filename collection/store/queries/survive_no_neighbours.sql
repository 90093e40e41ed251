-- No similar titles, where there is no index of them. Read by survive.py.
SELECT NULL::INTEGER AS bib_no, NULL::INTEGER AS other_no, NULL::FLOAT AS score, NULL AS shared_words, NULL AS class
WHERE false
