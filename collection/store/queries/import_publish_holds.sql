-- Write the holds into the new snapshot. No parameters. Run by imports.building.
INSERT INTO new.hold
SELECT bib.bib_no, now_holds.branch, now_holds.holds
FROM now_holds
JOIN new.bib USING (bib_id)
ORDER BY bib.bib_no, now_holds.branch
