-- What would one tag do to each item of a scope, after what people have decided? Filled in by tagging.py: weighed,
-- tagging_weighed, with its parameters. Parameters: until, as the person gives it, or NULL. Reads decided.
-- left_out besides: road and list (decided on already), same (it carries this tag). Fills chosen, read by tagging_preview,
-- tagging_shares, tagging_others and tagging_left.
CREATE OR REPLACE TEMP TABLE chosen AS
WITH weighed AS (
{weighed}
)
SELECT
    weighed.* EXCLUDE (left_out), decided.tag, decided.tag_person, decided.tag_name, coalesce(decided.tag_seq, 0) AS tag_seq,
    CASE
        WHEN decided.road <> 'readmitted' THEN 'road'
        WHEN decided.entry IS NOT NULL AND decided.list_state <> 'decided' THEN 'list'
        WHEN decided.tag = $tag_state AND decided.tag_until IS NOT DISTINCT FROM $until AND decided.tag_to IS NOT DISTINCT FROM $to
            THEN 'same'
        ELSE left_out
    END AS left_out
FROM weighed
LEFT JOIN decided ON decided.item_no = weighed.item_no
