"""Mails out: the letters, and the postman who hands them to a mail server. Home of aiosmtplib."""
