-- The outcomes a row of a file can end in, weakest first: a row that gives two kinds ends in the strongest of its parts.
-- No parameters. Run once by imports.
CREATE TYPE outcome AS ENUM ('skipped', 'unchanged', 'changed', 'loaded', 'error')
