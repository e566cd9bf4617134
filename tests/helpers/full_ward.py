"""Patients after the needle, for the recovery board: written to a data folder with moments in the past."""

from pathlib import Path

from tests.helpers.past import Past, happened_in

# What has happened, minutes ago.
NEEDLE_OUT: tuple[Past, ...] = (
    (330, "scan_started"),
    (320, "skin_puncture"),
    (317, "csf_outflow"),
    (316, "injection_started"),
    (314.5, "injection_completed"),
    (314, "needle_removed"),
)
SUPINE: tuple[Past, ...] = (
    *NEEDLE_OUT,
    (313, "compression_started"),
    (290, "compression_ended"),
    (290, "supine_started"),
)
COMPRESSING: tuple[Past, ...] = (
    (40, "scan_started"),
    (30, "skin_puncture"),
    (27, "csf_outflow"),
    (26, "injection_started"),
    (24.5, "injection_completed"),
    (24, "needle_removed"),
    (23, "compression_started"),
)
CT: tuple[Past, ...] = (
    (330, "scan_started"),
    (320, "skin_puncture"),
    (315, "withdrawn"),
    (310, "ct_guidance"),
    (240, "dose_given_ct"),
)


def later(past: tuple[Past, ...], minutes: float) -> tuple[Past, ...]:
    """The same so many minutes nearer to now."""
    return tuple((ago - minutes, mark) for ago, mark in past)


def full_ward(folder: Path, patients: int = 30, device: str = "tablet0001") -> list[str]:
    """Writes patients after the needle in every stage, a quarter of them in compression; their sessions."""
    sessions = []
    for n in range(patients):
        minutes = 2 + n * 11 % 21  # since the last mark
        past = [
            (*later(NEEDLE_OUT, 313 - minutes), (minutes, "compression_started")),
            later(SUPINE, 288 - 7 * n),
            later(SUPINE, 270 - 7 * n),
            (*later(SUPINE, 30), (minutes, "supine_ended")),
        ][n % 4]
        sessions.append(happened_in(folder, *past, device=device, patient=f"P-{n + 1:03}", dose=n % 4 + 1))
    return sessions
