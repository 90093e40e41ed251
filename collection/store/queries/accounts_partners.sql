-- The bodies that may take withdrawn books. Read when an account of one is made.
SELECT partner_id, name, kind FROM partner ORDER BY partner_id
