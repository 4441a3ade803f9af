"""A small line drawing for each site: the body part, and the lamp facing it. Inline SVG, drawn by hand."""

from __future__ import annotations

__all__ = ["positioning_picture"]

_BODY: dict[str, tuple[str, str]] = {
    # Lying face down, the calf facing the lamp above it.
    "posterior_calf": (
        "A leg seen from the side, lying with the back of the calf up; the lamp is above the calf and faces it.",
        '<path class="body" d="M8 84 C30 76 52 78 74 80 C98 70 120 72 146 82 L160 84 C166 74 174 66 180 64 '
        'C186 66 184 76 180 84 C176 94 172 98 164 98 L146 96 C120 98 98 98 74 97 C52 100 30 102 8 102"/>'
        '<rect class="lamp" x="84" y="16" width="52" height="12" rx="2"/>'
        '<path class="ray" d="M92 34 V62 M110 34 V60 M128 34 V64"/><path class="site" d="M84 75 C104 69 122 71 138 79"/>',
    ),
    "foot_sole": (
        "A leg lying flat with the heel supported; the lamp stands in front of the sole and faces it.",
        '<path class="body" d="M8 74 C40 70 76 72 112 76 C120 62 124 48 126 34 C130 28 138 30 138 38 C140 60 140 82 134 98 '
        'C128 104 118 100 112 96 C76 98 40 98 8 98"/>'
        '<rect class="lamp" x="182" y="38" width="12" height="56" rx="2"/>'
        '<path class="ray" d="M176 48 H150 M176 66 H150 M176 84 H148"/><path class="site" d="M141 40 C143 60 143 80 138 96"/>',
    ),
    "volar_wrist": (
        "A forearm resting on a table with the palm up; the lamp is above the inner wrist and faces it.",
        '<path class="body" d="M8 78 C40 74 70 78 104 80 C120 76 138 74 156 76 L188 74 C194 74 194 82 188 82 L164 84 L186 90 '
        'C190 92 188 98 182 98 L150 98 C134 100 120 100 104 98 C70 100 40 104 8 104"/>'
        '<path class="rest" d="M4 110 H196"/><rect class="lamp" x="92" y="20" width="34" height="12" rx="2"/>'
        '<path class="ray" d="M99 38 V66 M109 38 V66 M119 38 V66"/><path class="site" d="M92 78 C104 80 116 77 126 75"/>',
    ),
    "upper_trapezius": (
        "A person sitting, seen from behind; the lamp is above the muscle between neck and shoulder and faces it.",
        '<circle class="body" cx="100" cy="30" r="18"/><path class="body" d="M92 47 V58 C80 66 58 68 48 78 C42 86 40 98 38 112 '
        'M108 47 V58 C120 66 142 68 152 78 C158 86 160 98 162 112"/>'
        '<rect class="lamp" x="142" y="12" width="44" height="12" rx="2" transform="rotate(32 164 18)"/>'
        '<path class="ray" d="M142 26 L128 48 M154 34 L140 56 M166 41 L152 63"/><path class="site" d="M110 60 C122 66 138 68 148 74"/>',
    ),
    "lower_back": (
        "A person lying face down; the lamp is above the lower back and faces it.",
        '<circle class="body" cx="24" cy="82" r="13"/><path class="body" d="M38 84 C46 74 62 72 78 76 C92 80 104 82 116 74 '
        'C130 68 144 74 156 80 L194 84 M38 92 C70 102 130 102 194 98"/><path class="rest" d="M4 108 H196"/>'
        '<rect class="lamp" x="72" y="18" width="52" height="12" rx="2"/>'
        '<path class="ray" d="M80 36 V64 M98 36 V66 M116 36 V62"/><path class="site" d="M74 73 C90 78 104 79 118 71"/>',
    ),
}


def positioning_picture(site: str) -> str:
    """Inline SVG of how to place the lamp at `site`, or an empty string where no drawing is known.

    The markup is ours from end to end; nothing of the plan goes into it.
    """
    if site not in _BODY:
        return ""
    title, drawing = _BODY[site]
    return f'<svg class="positioning" viewBox="0 0 200 120" role="img" aria-label="{title}">{drawing}</svg>'
