"""Names and addresses brought to one form (USPS Publication 28), as named SQL expressions."""
