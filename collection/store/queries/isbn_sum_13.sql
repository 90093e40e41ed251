-- Question: what is the weighted sum of an ISBN-13? It is right when 10 divides it.
-- Parameters of the macro: number, its thirteen digits as a number. Read by: isbn_plain.sql.
CREATE OR REPLACE TEMP MACRO isbn_sum_13(number) AS
    number % 10 + number // 100 % 10 + number // 10000 % 10 + number // 1000000 % 10 + number // 100000000 % 10
    + number // 10000000000 % 10 + number // 1000000000000
    + (number // 10 % 10 + number // 1000 % 10 + number // 100000 % 10 + number // 10000000 % 10
        + number // 1000000000 % 10 + number // 100000000000 % 10) * 3
