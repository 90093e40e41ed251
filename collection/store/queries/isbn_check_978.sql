-- Question: what is the check digit of an ISBN-13 that begins with 978?
-- Parameters of the macro: number, the nine digits behind 978 as a number. Read by: isbn_plain.sql.
CREATE OR REPLACE TEMP MACRO isbn_check_978(number) AS ((10 - (
    38
    + (number % 10 + number // 100 % 10 + number // 10000 % 10 + number // 1000000 % 10 + number // 100000000) * 3
    + number // 10 % 10 + number // 1000 % 10 + number // 100000 % 10 + number // 10000000 % 10
) % 10) % 10)::VARCHAR
