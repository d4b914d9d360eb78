"""Every sentence a person reads: templates, small words and practice files, in both languages."""
