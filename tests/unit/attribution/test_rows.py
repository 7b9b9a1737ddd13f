"""Each observation writes the row it should, and none without evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.attribution.base_rate import base_rates, stream_rates
from whipple.attribution.elicited import STATEMENTS
from whipple.attribution.observations import OBSERVATIONS, observe
from whipple.attribution.observations.direction import way_it_faces
from whipple.attribution.observations.hole_size import SIMULATED_SIZE, size_of_hole
from whipple.attribution.observations.outline import shape_of_outline
from whipple.attribution.observations.sister_ship import SHARED, alone_prob, loss_of_a_sister
from whipple.attribution.observations.start import shape_of_start
from whipple.attribution.observations.statements import what_people_said
from whipple.attribution.observations.sunlight import high_beta_frac, season_of_sunlight
from whipple.attribution.observations.tracked import passes_of_tracked_objects
from whipple.attribution.row import Exhibits
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import TrackedObjects
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.slots import CLAIM_SLOTS
from whipple.commands.folders import BUNDLED
from whipple.errors import RangeError
from whipple.impact import hole_size as impact_hole_size


@pytest.fixture
def exhibits(case, sky, strikes, impactor):
    return Exhibits(case, base_rates(case, sky, strikes, impactor), None, None, sky, strikes, impactor)


def nat(row, name):
    return row.evidence.floored().log_likelihood_nat[name]


def test_direction_throws_out_the_shower_and_keeps_hardware(exhibits):
    (row,) = way_it_faces(exhibits)
    assert nat(row, "shower:GEM") == -6.9
    assert nat(row, "sporadic") == 0.0
    assert -0.5 < nat(row, "manufacturing") < 0.0
    assert nat(row, "debris") < -1.0
    assert "km/s" in row.evidence.because["debris"]


def test_a_face_to_port_lets_the_shower_in(exhibits, case, sky, strikes, impactor):
    """The same hole on the other side: the Geminids are then the best explanation."""
    normal = np.array([[-1.0, -1.0, 0.0]]) / np.sqrt(2)
    cosine = np.maximum(sky.direction_lvlh @ normal[0], 0.0)
    face = np.array([[[float(stream.flux_per_m2_s[:, 0] @ cosine)]] for stream in sky.streams])
    port = replace(strikes, site_normal_lvlh=normal, site_flux_per_m2_s=face)
    counts = [
        replace(
            s, expected_count=replace(s.expected_count, median=1e7 * f[0, 0], low=2e6 * f[0, 0], high=5e7 * f[0, 0])
        )
        for s, f in zip(impactor.sources, face, strict=True)
    ]
    other = replace(impactor, sources=tuple(counts))
    (row,) = way_it_faces(replace(exhibits, rates=base_rates(case, sky, port, other), strikes=port))
    assert nat(row, "shower:GEM") == 0.0
    assert "aft-port" in row.evidence.observation


def test_no_flux_no_direction_row(exhibits):
    assert way_it_faces(replace(exhibits, sky=None)) == ()


def test_small_holes_speak_for_particles(exhibits):
    (row,) = size_of_hole(exhibits)
    assert nat(row, "sporadic") == 0.0
    assert nat(row, "manufacturing") == pytest.approx(np.log(1 / 4.6 / 2.5))


def test_no_hole_size_no_row(exhibits, impactor):
    assert size_of_hole(replace(exhibits, impactor=replace(impactor, hole_diameter_m=None))) == ()


def test_a_ramp_speaks_for_hardware_and_a_step_for_an_impact(exhibits, onset):
    (step,), (ramp,) = (shape_of_start(replace(exhibits, onset=onset(value))) for value in (8.0, -8.0))
    assert nat(step, "sporadic") == 0.0
    assert nat(step, "fatigue") == pytest.approx(np.log(0.35 / 0.99), abs=0.01)
    assert nat(ramp, "fatigue") == 0.0
    assert nat(ramp, "sporadic") < -3.5


def test_simulated_evidence_counts_for_nothing(exhibits, onset, pictures):
    simulated = replace(exhibits, onset=onset(8.0, simulated=True), pictures=pictures(1.1, simulated=True))
    for row in (*shape_of_start(simulated), *shape_of_outline(simulated)):
        assert set(row.evidence.log_likelihood_nat.values()) == {0.0}
        assert any("not counted" in note.text for note in row.evidence.caveats)


def sized(impactor, code):
    note = Caveat(code, "")
    return replace(impactor, hole_diameter_m=replace(impactor.hole_diameter_m, caveats=(note,)))


def test_a_simulated_size_counts_for_nothing_and_says_so(exhibits, impactor):
    (row,) = size_of_hole(replace(exhibits, impactor=sized(impactor, SIMULATED_SIZE)))
    assert set(row.evidence.log_likelihood_nat.values()) == {0.0}
    assert row.doubt_nat == {}
    assert row.evidence.observation.endswith("SIMULATED")
    assert any("not counted" in note.text for note in row.evidence.caveats)


def test_the_code_of_a_simulated_size_is_that_of_the_impact_room():
    assert impact_hole_size.SIMULATED_SIZE == SIMULATED_SIZE


def test_a_published_size_is_weighed_and_names_who_said_it(exhibits, case, claim, impactor):
    said = claim("hole.diameter_m", {"is": "0.8 mm", "low": "0.6 mm", "high": "1 mm"})
    held = replace(exhibits, case=replace(case, claims=(said,)), impactor=sized(impactor, "impact.claimed-size"))
    (row,) = size_of_hole(held)
    assert nat(row, "manufacturing") < -1.0
    assert "as stated by the council" in row.evidence.observation


def record_claims(claim):
    record, loss = 68 * 365.25 * 86400, 58 * 86400
    return (
        claim("history.clean_exposure_s", "68 year", value=Given(record, record, record, "s")),
        claim("history.sister_loss_s", "58 day", value=Given(loss, loss, loss, "s"), note="contested"),
    )


def test_a_sister_ship_that_fails_soon_speaks_for_a_shared_hardware_cause(exhibits, case, claim):
    (row,) = loss_of_a_sister(replace(exhibits, case=replace(case, claims=record_claims(claim))))
    alone = 1.5 / 68 * 2 * 58 / 365.25
    assert alone_prob(68 * 365.25 * 86400, 58 * 86400) == pytest.approx(alone)
    for name in ("sporadic", "shower:GEM", "debris"):
        assert nat(row, name) == pytest.approx(-np.log(1 + SHARED["manufacturing"][0] / alone))
        assert name not in row.doubt_nat
    assert nat(row, "manufacturing") == nat(row, "fatigue") == 0.0
    assert nat(row, "other") < -0.5
    assert row.doubt_nat["manufacturing"] > 0.5
    assert "58 days later" in row.evidence.observation
    assert any("contested" in note.text for note in row.evidence.caveats)


def counted(claim, value, low, high):
    return claim("history.sister_count", value, value=Given(value, low, high, ""))


def test_the_number_of_sister_ships_is_that_of_the_case(exhibits, case, claim):
    (assumed,) = loss_of_a_sister(replace(exhibits, case=replace(case, claims=record_claims(claim))))
    rows = {}
    for said in ((2.0, 2.0, 2.0), (8.0, 8.0, 8.0), (2.0, 1.0, 4.0)):
        claims = (*record_claims(claim), counted(claim, *said))
        (rows[said],) = loss_of_a_sister(replace(exhibits, case=replace(case, claims=claims)))
    same, many, unsure = rows.values()
    assert nat(same, "sporadic") == nat(assumed, "sporadic")
    assert nat(many, "sporadic") == pytest.approx(-np.log(1 + SHARED["fatigue"][0] / (1.5 / 68 * 8 * 58 / 365.25)))
    assert unsure.doubt_nat["fatigue"] > same.doubt_nat["fatigue"]
    assert [note.code for note in assumed.evidence.caveats] == ["sister-loss-elicited", "sister-count-assumed"]
    assert [note.code for note in same.evidence.caveats] == ["sister-loss-elicited"]


def test_no_sister_ship_and_yet_a_loss_is_refused(exhibits, case, claim):
    claims = (*record_claims(claim), counted(claim, 0.0, 0.0, 0.0))
    with pytest.raises(RangeError, match=r"sister_count = 0\.0, expected more than 0"):
        loss_of_a_sister(replace(exhibits, case=replace(case, claims=claims)))


def test_a_sister_loss_needs_a_record_and_a_date(exhibits, case, claim):
    record, loss = record_claims(claim)
    for claims in ((), (record,), (loss,)):
        assert loss_of_a_sister(replace(exhibits, case=replace(case, claims=claims))) == ()


@pytest.mark.parametrize(("as_of", "rows"), [("2023-02-10", 0), ("2023-02-11", 1), ("", 1)])
def test_the_sister_loss_of_the_bundled_case_is_known_from_its_day(exhibits, as_of, rows):
    bundled = read_case(BUNDLED / "soyuz-ms22", as_of)
    assert len(loss_of_a_sister(replace(exhibits, case=bundled))) == rows


def test_an_untested_start_writes_no_row(exhibits, onset):
    assert shape_of_start(replace(exhibits, onset=onset(None))) == ()


def test_round_and_long_holes(exhibits, pictures):
    (round_row,), (long_row,) = (shape_of_outline(replace(exhibits, pictures=pictures(ratio))) for ratio in (1.1, 3.0))
    assert nat(round_row, "fatigue") < -2.0
    assert nat(long_row, "sporadic") < -2.0
    assert nat(long_row, "fatigue") == 0.0


def test_rare_sunlight_speaks_for_fatigue_alone(exhibits):
    (row,) = season_of_sunlight(exhibits)
    assert nat(row, "fatigue") == 0.0
    assert nat(row, "sporadic") == nat(row, "manufacturing") == pytest.approx(-1.35, abs=0.03)


def test_common_sunlight_says_nothing(exhibits, sky):
    calm = replace(sky, orbit=replace(sky.orbit, beta_rad=0.0))
    (row,) = season_of_sunlight(replace(exhibits, sky=calm))
    assert nat(row, "sporadic") == pytest.approx(0.0)


def test_statements_are_weighed_and_unknown_ones_say_so(exhibits, case, claim):
    claims = (
        claim("cause.manufacturing_review", "not confirmed"),
        claim("cause.horoscope", "bad"),
        claim("cause.hypervelocity_test", "Reproduced"),
    )
    rows = {
        row.evidence.observation.split(":")[0]: row
        for row in what_people_said(replace(exhibits, case=replace(case, claims=claims)))
    }
    assert nat(rows["manufacturing review"], "manufacturing") == pytest.approx(np.log(0.4 / 0.95))
    assert rows["manufacturing review"].evidence.group == rows["hypervelocity test"].evidence.group
    assert set(rows["horoscope"].evidence.log_likelihood_nat.values()) == {0.0}
    assert "counts for nothing" in rows["horoscope"].evidence.caveats[0].text


def test_claims_held_out_never_enter(exhibits, case, claim):
    held = (
        claim("cause.manufacturing_review", "not confirmed", use="check"),
        claim("cause.leading", "debris", use="ignore"),
    )
    assert what_people_said(replace(exhibits, case=replace(case, claims=held))) == ()


def test_residue_tells_debris_from_meteoroid(exhibits, case, claim):
    (row,) = what_people_said(replace(exhibits, case=replace(case, claims=(claim("cause.residue", "debris"),))))
    assert nat(row, "debris") == 0.0
    assert nat(row, "sporadic") < -2.0


def test_every_statement_that_is_weighed_can_be_claimed():
    """A case folder may only speak about the listed slots; the elicited statements are among them."""
    assert set(STATEMENTS) <= set(CLAIM_SLOTS)


def test_a_clear_screening_touches_debris_alone(exhibits, sky):
    assert passes_of_tracked_objects(exhibits) == ()
    tracked = TrackedObjects(None, "", 0.0, 900.0, 0, True, -6e-4, "None of 20 000 tracked objects passed")
    (row,) = passes_of_tracked_objects(replace(exhibits, sky=replace(sky, tracked=tracked)))
    kinds = {table.name: table.kind for table in exhibits.hypotheses}
    assert {name: value for name, value in row.evidence.log_likelihood_nat.items() if value} == {
        name: -6e-4 for name, kind in kinds.items() if kind == "debris"
    }


def test_every_observation_survives_having_nothing(case):
    empty = Exhibits(case, base_rates(case, None, None, None), None, None, None, None, None)
    assert observe(empty) == ()
    assert len(OBSERVATIONS) == 8


def test_a_stream_that_cannot_reach_borrows_its_rate(case, sky, strikes, impactor):
    rates = {rate.stream: rate for rate in stream_rates(case.exposure_s, sky, strikes, impactor)}
    assert rates["geminids"].borrowed
    assert not rates["sporadic"].borrowed
    # 4 units from port against 4 units over four sides: the ring meets as much of either
    assert rates["geminids"].count.median == pytest.approx(rates["sporadic"].count.median, rel=0.2)
    assert (
        rates["geminids"].count.high / rates["geminids"].count.median
        > rates["sporadic"].count.high / rates["sporadic"].count.median
    )


def test_beta_in_degrees_is_refused():
    with pytest.raises(RangeError, match="radians"):
        high_beta_frac(71.9, 0.9)
