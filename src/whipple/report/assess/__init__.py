"""The page of a look ahead: chances by part and source, maps, rates over the revolution, and what they rest on."""

from __future__ import annotations

from whipple.report.assess.write_assess import write_assessment

__all__ = ["write_assessment"]
