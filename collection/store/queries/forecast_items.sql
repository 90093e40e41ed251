-- What is foreseen of each item, as a view that queries may always join: without a forecast it is empty. loans_12 and loans_36:
-- loans in the months after the last one with figures, low_12 and high_12: between which about 8 in 10 lie, lent_…: how likely
-- it goes out at all; loans_36 and lent_36 are NULL where the figures were too short for them.
-- Filled in by forecast.py: source, item_forecast of the artefact or forecast_no_items. Read by every query that joins it.
CREATE OR REPLACE TEMP VIEW forecast AS
SELECT item_no, loans_12, low_12, high_12, lent_12, loans_36, lent_36 FROM {source}
