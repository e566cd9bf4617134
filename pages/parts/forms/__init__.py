"""What forms share: fields, questions, initials."""
