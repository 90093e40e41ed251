-- Who drafted a list, put items on it, or gave one of them the tag 除籍 that stands? Runs on the ledger.
-- Parameter: list_no. Read by approve.py: they may not approve it (起案者 ≠ 決裁者).
SELECT person FROM event WHERE list_no = $list_no AND kind IN ('draft', 'enter', 'submit')
UNION
SELECT tag.person
FROM event AS entry
JOIN event AS tag ON tag.seq = (SELECT max(seq) FROM event WHERE aspect = 'tag' AND subject = entry.subject)
WHERE entry.list_no = $list_no AND entry.kind = 'enter' AND tag.state = 'withdraw'
