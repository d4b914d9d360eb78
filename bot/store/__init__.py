"""The store: tables, encryption, unit of work, migrations. The one home of SQLAlchemy."""
