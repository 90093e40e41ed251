-- Drop what a file that replaces the whole no longer has. kind: holds, retention or partners. Gives the number dropped. Run by imports.merging.
DELETE FROM now_{kind}
WHERE key NOT IN (SELECT key FROM seen_{kind})
