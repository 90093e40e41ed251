-- Is there a branch of this name? Parameter: branch. Read by tagging.tag.
SELECT count(*) FROM judged WHERE branch = $branch
