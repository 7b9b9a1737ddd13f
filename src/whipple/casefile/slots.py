"""What a [[claim]] may speak about: a literal table, so that a misspelt slot is told instead of silently ignored."""

from __future__ import annotations

__all__ = ["CLAIM_SLOTS"]

#: Slot -> what it says. A slot with a unit suffix takes a quantity, the others take text.
CLAIM_SLOTS: dict[str, str] = {
    "onset.noticed_s": "when it was noticed (the leak cannot have begun later)",
    "telemetry.other_parameters": "whether anything outside the loop changed",
    "hole.diameter_m": "diameter of the hole",
    "hole.normal_azimuth_rad": "azimuth of the hole's outward normal, from ram toward starboard",
    "leak.spray_duration_s": "how long it sprayed",
    "leak.majority_gone_s": "when most of the fluid was gone, after the epoch",
    "leak.thrust_N": "push of the leak when it began",
    "leak.impulse_Ns": "push of the leak, added up over the whole leak",
    "leak.flow_kg_s": "flow through the hole when it began",
    "loop.fluid": "what somebody says the loop held",
    "deposit.stain_seen_s": "how long after the spray a deposit was still seen",
    "strike.forward_m_s": "change of speed along the flight when it was struck (backward: below 0)",
    "strike.starboard_m_s": "the same to starboard",
    "strike.down_m_s": "the same towards the Earth",
    "strike.roll_rad_s": "change of the body rate about X when it was struck, right-handed",
    "strike.pitch_rad_s": "the same about Y",
    "strike.yaw_rad_s": "the same about Z",
    "strike.roll_size_rad_s": "size of the change of the body rate about X, where nobody says which way",
    "strike.pitch_size_rad_s": "the same about Y",
    "strike.yaw_size_rad_s": "the same about Z",
    "impactor.speed_m_s": "speed of the particle",
    "impactor.diameter_m": "diameter of the particle",
    "cabin.temperature_K": "a temperature in the cabin, docked",
    "instrument.temperature_K": "a temperature in the instrument section, docked",
    "return.cabin_temperature_K": "cabin on the way home with the full crew",
    "return.uncrewed_temperature_K": "cabin on the way home without crew",
    "cause.excluded": "a hypothesis that somebody excludes",
    "cause.leading": "the hypothesis that somebody names",
    "cause.hypervelocity_test": "whether a ground shot reproduced the damage",
    "cause.felt_push": "whether orbit or attitude changed at that moment",
    "cause.manufacturing_review": "what a review of the records found",
    "cause.designed_feature": "whether the mark is there by design",
    "cause.residue": "what was found in the rim of the hole: debris, meteoroid or nothing",
    "damage.seen": "whether a look at the ship showed damage: yes or none",
    "hatch.state": "whether the hatch to the ship was open or closed",
    "history.clean_exposure_s": "exposure of like vehicles without such a loss before the event",
    "history.sister_loss_s": "a like loss on another vehicle, this long after the event",
    "history.sister_count": "how many other vehicles with such a part were there when the like loss came",
    "history.sister_cause": "what is said to have caused the loss on the other vehicle",
    "plan.recommended": "the option that was chosen",
}
