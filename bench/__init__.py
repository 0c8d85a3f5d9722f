"""Repeatable measurements of the portal: `make bench`. What they mean and how to read them: docs/performance.md."""
