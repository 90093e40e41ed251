-- What is foreseen for one copy of a title at each branch in twelve months, as a view; of titles with a little used copy only.
-- Filled in by forecast.py: source, branch_forecast of the artefact or forecast_no_branches. Read by every query that joins it.
CREATE OR REPLACE TEMP VIEW branch_forecast AS
SELECT unit_no, branch, loans_12, low_12, high_12 FROM {source}
