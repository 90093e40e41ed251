-- The number of the newest event. Read wherever the present state is kept.
SELECT coalesce(max(seq), 0) FROM event
