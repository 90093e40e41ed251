-- Who claims which items of the present offers, the earliest claim first? Runs on the ledger.
-- Parameter: partner, one partner's number or NULL for all. Read by offers.py.
SELECT
    claim.item_id,
    json_extract(claim.details, '$.partner') AS partner,
    json_extract(claim.details, '$.offer') AS offer,
    claim.at,
    claim.seq
FROM event AS claim
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'claim' GROUP BY subject) AS latest USING (seq)
WHERE claim.state = 'claimed' AND ($partner IS NULL OR json_extract(claim.details, '$.partner') = $partner)
ORDER BY claim.seq
