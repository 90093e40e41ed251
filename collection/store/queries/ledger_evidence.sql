-- What was known of an item, once. Parameters: hash, told. Run by ledger.append only.
INSERT INTO evidence (hash, told) VALUES ($hash, $told) ON CONFLICT (hash) DO NOTHING
