-- The schools and other city bodies by their number. No parameters. Read by books.py.
SELECT partner_id, name FROM partner
