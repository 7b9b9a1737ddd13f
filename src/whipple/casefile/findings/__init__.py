"""What did the investigation find? One slot a question; a question that was not asked stays None."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.findings.checks import Checks
from whipple.casefile.findings.deposit import Deposit
from whipple.casefile.findings.heat import Heat
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.impactor import Impactor
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.plan import Plan
from whipple.casefile.findings.push import Push
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.findings.verdict import Verdict

__all__ = ["Findings"]


@dataclass(frozen=True)
class Findings:
    """The answers, in the investigator's order. A slot is None when its room was not asked."""

    case: str
    digest: str
    seed: int
    as_of: str
    onset: Onset | None = None
    pictures: Pictures | None = None
    hole: Hole | None = None
    push: Push | None = None
    sky: Sky | None = None
    strikes: Strikes | None = None
    impactor: Impactor | None = None
    deposit: Deposit | None = None
    heat: Heat | None = None
    verdict: Verdict | None = None
    plan: Plan | None = None
    checks: Checks | None = None
