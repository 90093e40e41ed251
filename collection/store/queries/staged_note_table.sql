-- Where the notes of one import are gathered while files are read. Read by imports.py.
CREATE TABLE IF NOT EXISTS staged_note (
    file VARCHAR, outcome VARCHAR, reason VARCHAR, field VARCHAR, rows BIGINT, example_line BIGINT, example VARCHAR
)
