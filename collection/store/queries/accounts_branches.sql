-- The branches of the holdings. Read when a librarian's account names one.
SELECT DISTINCT branch FROM item ORDER BY branch
