-- Every row of a file of requests, in its order; what could not be read is null. {table}: the staged table.
-- Read by requests/reading.py.
SELECT line, reason, request_id, received_on, title, author, publisher, isbn, isbn_text, c_code, ndc, class_mark, material,
    pub_year, pub_year_text, price, edition, requester_token
FROM {table}
ORDER BY line
