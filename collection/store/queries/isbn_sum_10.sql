-- Question: what is the weighted sum of an ISBN-10 before its check digit?
-- Parameters of the macro: number, its nine digits as a number. Read by: isbn_plain.sql.
CREATE OR REPLACE TEMP MACRO isbn_sum_10(number) AS
    number % 10 * 2 + number // 10 % 10 * 3 + number // 100 % 10 * 4 + number // 1000 % 10 * 5
    + number // 10000 % 10 * 6 + number // 100000 % 10 * 7 + number // 1000000 % 10 * 8
    + number // 10000000 % 10 * 9 + number // 100000000 * 10
