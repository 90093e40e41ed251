-- Requests are judged by check-requests and never stored with the holdings: their rows are skipped. table; file: number of the file. Run by imports.
INSERT INTO verdict
SELECT {file}, line, 'requests', NULL, 'skipped', 'requests_elsewhere', NULL
FROM {table}
