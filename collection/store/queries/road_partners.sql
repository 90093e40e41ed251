-- Who may be offered withdrawn items, and what would suit them? No parameters. Read by offers.py.
SELECT partner_id, name, kind, wants_ndc, wants_audience, capacity FROM facts_of_day.partner ORDER BY partner_id
