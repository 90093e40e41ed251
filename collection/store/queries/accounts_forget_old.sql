-- Sessions that began too long ago to hold are removed. Parameter: begun_since. Run whenever one begins.
DELETE FROM session WHERE begun <= $begun_since
