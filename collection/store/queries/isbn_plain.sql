-- Question: which ISBN-13 stands in a text of 10 or 13 digits? With ~ before it where a cut-off 978 was put back;
-- ! where the digits are no ISBN; NULL: the text is not of that plain form.
-- Parameters of the macro: digits, the text without its hyphens; thirteen, the same as a number, and nine, its first
-- nine digits as a number (columns, not expressions: what stands here is worked out again wherever it is named).
-- Read by: sources/typed.py while a table is staged; the plain form is sources/normalise/isbn.py.
CREATE OR REPLACE TEMP MACRO isbn_plain(digits, thirteen, nine) AS CASE
    WHEN strlen(digits) = 13 AND thirteen >= 1000000000000 AND NOT contains(lower(digits), 'e') THEN CASE
        WHEN thirteen BETWEEN 9780000000000 AND 9799999999999 AND isbn_sum_13(thirteen) % 10 = 0 THEN digits
        ELSE '!'
    END
    WHEN strlen(digits) = 10 AND regexp_full_match(digits, '[0-9]{9}[0-9X]') THEN CASE
        WHEN right(digits, 1) = '0123456789X'[(11 - isbn_sum_10(nine) % 11) % 11 + 1]
            THEN '978' || left(digits, 9) || isbn_check_978(nine)
        WHEN right(digits, 1) = isbn_check_978(nine) THEN '~978' || digits
        ELSE '!'
    END
END
