"""Comity: a gateway that answers lawful requests about named people with the least the law allows."""
