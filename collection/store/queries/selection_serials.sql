-- Which periodicals and newspapers does the library hold? No parameters. Read by selection/check.py.
SELECT DISTINCT bib.title_key
FROM facts_of_day.bib
JOIN facts_of_day.item ON item.bib_no = bib.bib_no AND item.gone_on IS NULL
WHERE bib.material IN ('periodical', 'newspaper')
