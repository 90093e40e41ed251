-- How did each row end? One line for every row (loans: for rows that were not taken only). No parameters. Filled by imports.
CREATE TABLE verdict (
    file SMALLINT NOT NULL, line BIGINT NOT NULL, kind VARCHAR NOT NULL, key VARCHAR,
    outcome outcome NOT NULL, reason VARCHAR, other_line BIGINT
)
