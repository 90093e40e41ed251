-- How many items has a title on average? A title is a bibliographic record; items without one are left out.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(bib_no) / nullif(count(DISTINCT bib_no), 0) AS value FROM stock GROUP BY {by}
