-- Which branches hold anything, largest first? No parameters. Read by the choice of the branch in 書架モード.
SELECT branch FROM facts_of_day.item WHERE gone_on IS NULL GROUP BY branch ORDER BY count(*) DESC, branch
