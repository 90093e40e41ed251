"""リクエスト: what readers ask for, checked against the holdings and the written rules, taken, decided on and ended."""
