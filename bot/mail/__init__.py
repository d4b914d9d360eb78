"""Mails out: the mails, and the postman who hands them to a mail server. Home of aiosmtplib."""
