"""`whipple attribution`: a ledger typed by a person, without a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="Which cause survives all the evidence?", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `weigh` a verb of its own."""


@app.command()
def weigh(
    file: Annotated[Path, typer.Argument(help="the ledger, a TOML file with [[cause]] and [[observation]] tables")],
    seed: Annotated[int, typer.Option(help="seed of the draws over base rates and doubts")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Posterior of each cause (its mean over the doubt, not a median, and 90 % of the draws) from base rates and observations.

    \b
    A ledger, in TOML:
      [[cause]]
      name = "meteoroid"
      expected = { is = 0.02, low = 0.005, high = 0.08 }   # such events expected in the exposure
      [[cause]]
      name = "defect"
      expected = 0.002
      [[observation]]
      says = "the hole is round"
      likelihood = { meteoroid = 0.9, defect = 0.5 }        # P(seen | cause), or log_likelihood in natural log
      group = "outline"                                     # observations of one group count once
    \b
    whipple attribution weigh ledger.toml
    whipple attribution weigh ledger.toml --json
    """
    from whipple.attribution.ledger import parse_ledger, settle, stand_typed
    from whipple.attribution.sentences import standing_told
    from whipple.attribution.standing import RULE
    from whipple.attribution.words import WORD_SCALE, likelihood_word, percent

    expected_count, rows = parse_ledger(_read(file), str(file))
    prior, posterior = settle(expected_count, (), seed), settle(expected_count, rows, seed)
    standing, order = stand_typed(expected_count, rows, seed), list(posterior)
    ranked = sorted(posterior.items(), key=lambda item: -item[1].median)
    if as_json:
        answer = [
            {"cause": name, "prior_prob": prior[name].median, "posterior_prob": p.median, "low_prob": p.low, "high_prob": p.high,
             "word": likelihood_word(p.median), "lead_frac": standing.lead_frac[order.index(name)],
             "pass_frac": standing.pass_frac[order.index(name)]}
            for name, p in ranked
        ]  # fmt: skip
        unseating = [{"input": name, "prob": prob} for name, prob in standing.unseating]
        told = {
            "causes": answer,
            "word_scale": WORD_SCALE,
            "standing": standing.word,
            "unseating": unseating,
            "rule": RULE,
        }
        typer.echo(json.dumps(told, sort_keys=True))
        return
    typer.echo(f"{'cause':<24}{'prior':>14}{'posterior':>14}   {'90 %':<28}word")
    for name, p in ranked:
        band = f"{percent(p.low)} to {percent(p.high)}"
        before, after = percent(prior[name].median), percent(p.median)
        typer.echo(f"{name:<24}{before:>14}{after:>14}   {band:<28}{likelihood_word(p.median)}")
    typer.echo(f"{standing.word}: {ranked[0][0]}, {standing_told(standing)}")


def _read(file: Path) -> dict[str, object]:
    import tomllib

    from whipple.errors import CaseError, Problem

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            [Problem(str(file), "", type(error).__name__, "a readable text file", "check the path")]
        ) from None
    except tomllib.TOMLDecodeError as error:
        wanted = "a ledger in TOML"
        raise CaseError([Problem(str(file), "", f"{error}", wanted, "see: whipple attribution weigh --help")]) from None
