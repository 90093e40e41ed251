-- How many loans stand there twice? A look at the neighbour is enough, since they are sorted. {table}: arriving or new.loan. Run by imports.loans.
SELECT count(*)
FROM (SELECT item_no = lag(item_no) OVER () AND month = lag(month) OVER () AS repeated FROM {table})
WHERE repeated
