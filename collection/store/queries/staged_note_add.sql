-- One note on a file that is being read. Parameters: file, reason, field, rows, line, example. Read by sources.
INSERT INTO staged_note VALUES ($file, 'note', $reason, $field, $rows, $line, $example)
