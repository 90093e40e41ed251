-- Which words point to the city, as models/local learnt them, the strongest first? {model}: where its artefact is attached.
-- Read by local.py.
SELECT kind, word, weight, records, marked FROM {model}.local_word ORDER BY weight DESC, kind, word
