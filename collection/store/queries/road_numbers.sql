-- Which numbers of a series (照会, 管理換, lots of a branch) were given so far? Runs on the ledger.
-- Parameters: kind (of the step), part (the detail that carries it), start (how the series begins). Read by road.py.
SELECT DISTINCT json_extract(details, '$.' || $part) AS number
FROM event
WHERE aspect = 'road' AND kind = $kind AND substr(json_extract(details, '$.' || $part), 1, length($start)) = $start
