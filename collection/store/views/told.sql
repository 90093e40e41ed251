-- Every held item with all that can be told of it: flags, every fact of words/facts.toml, the survivor by name.
-- A view over a flags file with the snapshot attached as facts_of_day. Read by export.py and card.py.
SELECT
    judged.* EXCLUDE (ndc, audience, material, local, received, never_lent, survivor_words),
    replace(judged.survivor_words, ';', '・') AS survivor_words,
    item.item_id,
    item.bib_id,
    item.call_number,
    item.accession_date,
    item.source,
    item.price AS item_price,
    item.status,
    item.condition,
    item.missing_confirmed_on,
    item.due_date,
    coalesce(item.reminders, 0) AS reminders,
    item.last_reminder_date,
    coalesce(item.unrecoverable, false) AS unrecoverable,
    item.retention,
    item.issue_date,
    item.loans_total,
    item.never_lent,
    item.note,
    item.work_no,
    bib.title,
    bib.volume,
    bib.series,
    bib.author,
    bib.publisher,
    bib.edition,
    bib.isbn,
    bib.ndc,
    bib.audience,
    bib.material,
    bib.language,
    bib.local,
    bib.subjects,
    bib.price,
    survivor.item_id AS survivor_item_id,
    survivor.branch AS survivor_branch
FROM judged
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN facts_of_day.item AS survivor ON survivor.item_no = judged.survivor_item_no
