"""A recorded sound faster or slower at the same pitch: for recorded words, which have no speed of their own."""

import numpy as np

from queuedesk.voice.engines import USUAL_PCT
from queuedesk.voice.sound import RATE_HZ, Samples

_FRAME = round(0.03 * RATE_HZ) // 2 * 2
_STEP = _FRAME // 2
_REACH = round(0.008 * RATE_HZ)
"""How far a piece may be moved to fit what it follows: a little more than one swing of a deep voice."""


def at_speed(samples: Samples, speed_pct: int) -> Samples:
    """Return a sound at `speed_pct` percent of its speed: overlapping pieces laid closer or wider, each where it fits best."""
    if speed_pct == USUAL_PCT or samples.size <= 2 * _FRAME:
        return samples
    source = np.concatenate([samples.astype(np.float64), np.zeros(_FRAME + 2 * _REACH)])
    size = round(samples.size * USUAL_PCT / speed_pct)
    made = np.zeros(size + 2 * _FRAME)
    fade = np.hanning(_FRAME + 1)[:_FRAME]
    first = np.concatenate([np.ones(_STEP), fade[_STEP:]])
    at = 0
    for place in range(0, size, _STEP):
        made[place : place + _FRAME] += source[at : at + _FRAME] * (fade if place else first)
        # What would have followed in the source, and the piece nearest to it around the place whose turn it is.
        following = source[at + _STEP : at + _STEP + _FRAME]
        wanted = round((place + _STEP) * speed_pct / USUAL_PCT)
        begin = min(max(0, wanted - _REACH), source.size - _FRAME - 2 * _REACH)
        around = source[begin : begin + _FRAME + 2 * _REACH]
        if following.size < _FRAME or around.size < _FRAME:
            break
        at = begin + int(np.correlate(around, following, "valid").argmax())
    return np.clip(np.round(made[:size]), -32768, 32767).astype(np.int16)
