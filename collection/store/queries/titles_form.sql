-- From what and how was this index made? No parameters. Read by selection/titles.py.
SELECT form FROM made
