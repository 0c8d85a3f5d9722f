"""The least that shows the same facts: Flask, SQLAlchemy 2 and Jinja, in French only. A floor, not a rival."""
