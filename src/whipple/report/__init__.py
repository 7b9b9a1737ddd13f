"""How do people read the answer: on one page, in pictures, and in the terminal?

`write_report.write_report` makes the page, `terminal.print_summary` the last lines of a run. Nothing is imported here, so that
`whipple --help` never waits for a plotting library.
"""

from __future__ import annotations

__all__: list[str] = []
