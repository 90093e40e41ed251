"""購入の検討: the committee's list of titles to buy, from what asks for them to the order and the delivery."""
