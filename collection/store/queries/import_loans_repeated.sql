-- How many loans stand there twice? A look at the neighbour is enough, since arriving is sorted. No parameters. Run by imports.loans.
SELECT count(*)
FROM (SELECT item_no = lag(item_no) OVER () AND month = lag(month) OVER () AS repeated FROM arriving)
WHERE repeated
