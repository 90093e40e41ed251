-- Months told as they were need nothing done. $months: those that do. Run by imports.loans.
DELETE FROM arriving
WHERE month NOT IN (SELECT unnest($months))
