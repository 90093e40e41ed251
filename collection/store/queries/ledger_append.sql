-- One more event. Parameters as named. Run by ledger.append only.
INSERT INTO event (at, on_day, person, name, role, aspect, subject, kind, state, follows, item_id, list_no, clause, reason, details, evidence)
VALUES ($at, $on_day, $person, $name, $role, $aspect, $subject, $kind, $state, $follows, $item_id, $list_no, $clause, $reason, $details, $evidence)
