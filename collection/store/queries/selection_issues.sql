-- Which titles name an issue of a serial that is held: its title, and behind it nothing but numbers and words of issues?
-- No parameters. Reads bib and serial_title (title_key). Run by selection/facts.py; read by selection_facts.sql.
CREATE OR REPLACE TEMP TABLE serial_issue AS
WITH dated AS (
    SELECT bib_no, title_key FROM bib
    WHERE coalesce(material, 'other') IN ('periodical', 'newspaper', 'other') AND regexp_matches(title_key, '[0-9号月刊]')
)
SELECT DISTINCT dated.bib_no
FROM dated JOIN serial_title ON starts_with(dated.title_key, serial_title.title_key)
WHERE regexp_full_match(
    substr(dated.title_key, length(serial_title.title_key) + 1),
    '([0-9一二三四五六七八九十]|第|通巻|平成|令和|昭和|年|月|日|号|巻|集|上旬|下旬|春|夏|秋|冬|新年|増刊|臨時|特別|特大|合併|別冊|vol|no)*'
)
