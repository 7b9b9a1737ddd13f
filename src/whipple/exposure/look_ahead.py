"""What is struck and pierced over an exposure, part by part and source by source, before anything has happened?"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Estimate
from whipple.exposure.assumptions import assumptions_of
from whipple.exposure.chances import Counts, counted, doubts_of, level_draws, none_prob, puncture_draws
from whipple.exposure.facet_rates import facet_rates, means, worst_facets
from whipple.exposure.moving import joints_of, sun_angles_rad
from whipple.exposure.phases import Skies
from whipple.exposure.read_plan import Plan
from whipple.exposure.risk import Acceptance, PartRisk, Risk, SourceRisk, Whole
from whipple.exposure.risk_caveats import caveats
from whipple.exposure.risk_words import acceptance_sentence, arrivals, headline, unreachable
from whipple.exposure.summing import Summed, attitude_ratios, summed
from whipple.exposure.walls import LawsOf, Wall, walls_of
from whipple.exposure.weights import Layout, sectors
from whipple.vehicle.stack import Stack

__all__ = ["look_ahead"]


def look_ahead(
    case: Case,
    stack: Stack,
    skies: Skies,
    plan: Plan,
    laws_of: LawsOf,
    telling: Callable[[str], None] = lambda _: None,
) -> Risk:
    """Strikes, punctures and the probability of none for every facet, part and source, with what they rest on.

    `skies` are the skies of the exposure (LVLH), `laws_of(part)` the published ballistic limits of a part's wall, the first of which gives
    the answer. Counts hold for `skies.duration_s`. Raises CaseError for a plan that cannot be.
    """
    surfaces, joints = stack.surfaces, joints_of(plan.moving, stack.surfaces)
    walls, wall_of_part = walls_of(case, plan, surfaces, laws_of)
    branches = max((len(wall.laws) for wall in walls), default=0)
    layout = Layout(tuple(source.streams for source in skies.sources), branches + 2 if branches else 0, 0)
    noise = plan.assess.ray_noise_frac
    sums = summed(surfaces, skies, walls, wall_of_part, joints, layout, noise_frac=noise, telling=telling)
    ratios = attitude_ratios(surfaces, skies, walls, wall_of_part, sums.origin_count, telling=telling)
    telling("chances")
    table = _PartTable(stack, skies, walls, wall_of_part, layout, sums, ratios)
    return table.risk(
        case,
        plan,
        sums.pose_count,
        np.array([sun_angles_rad(joints, phase.body_from_lvlh @ phase.sun_dir_lvlh) for phase in skies.phases]).reshape(
            len(skies.phases), len(joints)
        ),
        tuple(joint.name for joint in joints),
    )


def _by_source(skies: Skies) -> Array:
    """Each source's flux at the dates of the exposure over its mean. (n_source, n_date)"""
    if not len(skies.date_s):
        return np.zeros((0, 0))
    level = np.array([float(stream.flux_per_m2_s.sum()) for stream in skies.mission])
    rows = [list(source.streams) for source in skies.sources]
    return np.array([level[at] @ skies.date_frac[at] / max(level[at].sum(), 1e-300) for at in rows])


class _PartTable:
    """Sums by part, and the draws that every answer of a part, a module or the whole is made from."""

    def __init__(
        self,
        stack: Stack,
        skies: Skies,
        walls: tuple[Wall, ...],
        wall_of_part: npt.NDArray[np.int64],
        layout: Layout,
        sums: Summed,
        ratios: Array,
    ) -> None:
        surfaces = stack.surfaces
        self.stack, self.skies, self.sums, self.layout = stack, skies, sums, layout
        self.parts = surfaces.parts
        self.walls = [walls[index] for index in wall_of_part]
        area = np.bincount(surfaces.part_index, surfaces.area_m2, minlength=len(self.parts))
        self.area_m2: Array = np.asarray(area, dtype=float)
        self.by_facet = layout.parted(sums.facet)
        whole = np.zeros((len(self.parts), sums.facet.shape[1]))
        np.add.at(whole, surfaces.part_index, sums.facet * surfaces.area_m2[:, None])
        moments, branch, self.sector, _ = layout.parted(whole * skies.duration_s)
        self.moments = moments
        self.counts = Counts(
            moments[:, :, 1, 0],
            branch[:, :, :-2] if layout.branch_count else moments[:, :, 1, :1],
            branch[:, :, -2:] if layout.branch_count else np.zeros((*moments.shape[:2], 2)),
            ratios,
            np.array([max(len(wall.laws), 1) for wall in self.walls]),
            tuple(wall.family for wall in self.walls),
            tuple(wall.name for wall in self.walls),
            sums.ray_spread.round(9),
        )

    def risk(self, case: Case, plan: Plan, pose_count: int, angles: Array, joint_names: tuple[str, ...]) -> Risk:
        """Everything, in the nouns of the answer."""
        skies, sources = self.skies, self.skies.sources
        self.pierced = puncture_draws(self.counts, sources, case.rng("assess punctures"))
        self.level = level_draws(sources, case.rng("assess strikes"))
        self.known = np.array([wall.known for wall in self.walls])
        parts = tuple(self._part(index) for index in range(len(self.parts)))
        rows = tuple(self._source(part, s) for part in range(len(self.parts)) for s in range(len(sources)))
        total = self._whole("all parts", np.ones(len(self.parts), dtype=bool))
        doubts = doubts_of(self.counts, sources, case.rng("assess doubts"))
        by_source = self.counts.puncture.sum(axis=0)
        middle = sectors()
        laws = {law.name: law for wall in self.walls for law in wall.laws}
        frac = by_source / by_source.sum() if by_source.sum() > 0 else np.zeros(len(sources))
        names = tuple(source.name for source in sources)
        used = dict.fromkeys(law.source for law in laws.values())
        used |= dict.fromkeys(wall.source for wall in self.walls if wall.source)
        used |= dict.fromkeys(key for stream in skies.mission for key in stream.sources)
        rates = facet_rates(self.by_facet)
        return Risk(
            duration_s=skies.duration_s,
            source_names=names,
            source_kinds=tuple(source.kind for source in sources),
            source_frac=frac,
            total=total,
            modules=self._modules(),
            parts=parts,
            sources=rows,
            doubts=doubts,
            acceptance=tuple(self._accepted(row) for row in plan.acceptance),
            facets=rates,
            worst_facets=worst_facets(self.stack, rates, names, bool(by_source.sum() > 0)),
            assumptions=assumptions_of(
                self.counts, self.walls, skies, self.sums.phase_puncture_per_s, self.sums.drawn_ratio
            ),
            date_s=skies.date_s,
            date_frac=_by_source(skies),
            ray_count=int(np.ceil(self.sums.origin_count).sum()),
            phase_t_s=np.array([phase.t_s for phase in skies.phases]),
            phase_sunlit_frac=np.array([phase.sunlit_frac for phase in skies.phases]),
            phase_strike_per_s=self.sums.phase_strike_per_s,
            phase_puncture_per_s=self.sums.phase_puncture_per_s,
            joint_names=joint_names,
            joint_angle_rad=angles,
            sector_azimuth_rad=middle[:, 0],
            sector_elevation_rad=middle[:, 1],
            unreachable=unreachable(rows, parts, names),
            pose_count=pose_count,
            models=tuple(dict.fromkeys([*laws, *(model for stream in skies.mission for model in stream.models)])),
            sources_used=tuple(key for key in used if key),
            headline=headline(skies.duration_s, total, parts, names, frac, doubts),
            caveats=caveats(
                case, self.stack, skies, plan, self.walls, self.area_m2, self.counts.puncture, self.counts.ray_spread
            ),
        )

    def _whole(self, name: str, chosen: npt.NDArray[np.bool_]) -> Whole:
        pierced = chosen & self.known
        draws = self.pierced[:, pierced].sum(axis=1)
        total = self.counts.puncture.sum()
        return Whole(
            name,
            float(self.area_m2[chosen].sum()),
            counted(self.level @ self.moments[chosen, :, 0, 0].sum(axis=0)),
            counted(draws) if pierced.any() else None,
            none_prob(draws) if pierced.any() else None,
            float(self.counts.puncture[chosen].sum() / total) if total > 0 else 0.0,
        )

    def _modules(self) -> tuple[Whole, ...]:
        names = list(dict.fromkeys(part.module or part.name for part in self.parts))
        return tuple(
            self._whole(name, np.array([(part.module or part.name) == name for part in self.parts])) for name in names
        )

    def _part(self, index: int) -> PartRisk:
        one = np.arange(len(self.parts)) == index
        whole, part, wall = self._whole(self.parts[index].name, one), self.parts[index], self.walls[index]
        sector = self.sector[index, 1 if wall.known and self.counts.puncture[index].sum() > 0 else 0]
        share = sector / sector.sum() if sector.sum() > 0 else sector
        mine = self.stack.surfaces.part_index == index
        dark = self.by_facet[0][mine][:, :, 0, 0].sum(axis=1) <= 0
        area = self.stack.surfaces.area_m2[mine]
        return PartRisk(
            part.name,
            part.module,
            wall.name,
            tuple(law.name for law in wall.laws),
            whole.area_m2,
            whole.strike_count,
            whole.puncture_count,
            whole.none_prob,
            whole.risk_frac,
            share,
            float(area[dark].sum() / area.sum()) if area.sum() > 0 else 0.0,
            arrivals(share, sectors()),
            float(self.counts.ray_spread[index]),
        )

    def _source(self, part: int, index: int) -> SourceRisk:
        source, wall = self.skies.sources[index], self.walls[part]
        strike, puncture = (self.moments[part, index, kind] for kind in (0, 1))
        mine = self.stack.surfaces.part_index == part
        area = self.stack.surfaces.area_m2[mine]
        reached = self.by_facet[0][mine][:, index, 0, 0] > 0
        wide = source.level_factor**1.645
        s, p = means(strike), means(puncture)
        level = [Estimate(n, n / wide, n * wide, "") for n in (float(strike[0]), float(puncture[0]))]
        return SourceRisk(
            self.parts[part].name,
            source.name,
            level[0],
            level[1] if wall.known else None,
            float(s[0]),
            float(s[1]),
            float(s[2]),
            float(s[3]),
            float(p[0]),
            float(p[1]),
            float(p[2]),
            float(p[3]),
            float(area[reached].sum() / area.sum()) if area.sum() > 0 else 0.0,
        )

    def _accepted(self, row: object) -> Acceptance:
        name, wanted, required = row.name, row.parts, row.pnp_prob  # type: ignore[attr-defined]
        chosen = np.array([any(fnmatchcase(part.name, one) for one in wanted) for part in self.parts])
        unknown = [
            part.name for part, mine, known in zip(self.parts, chosen, self.known, strict=True) if mine and not known
        ]
        whole = self._whole(name, chosen)
        draws = np.exp(-self.pierced[:, chosen & self.known].sum(axis=1))
        met = float((draws >= required).mean()) if whole.none_prob else 0.0
        said = acceptance_sentence(name, required, whole.none_prob, met, unknown)
        return Acceptance(
            name,
            tuple(p.name for p, mine in zip(self.parts, chosen, strict=True) if mine),
            required,
            whole.none_prob,
            met,
            said,
        )
