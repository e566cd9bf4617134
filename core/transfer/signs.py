"""Signs that no exported file shall hold: what a scanner's separator or a program left in a text."""

import re

# Control characters but tab and line end; surrogates and what is no character; line and paragraph separators; what
# turns the direction of the text after it.
NO_SIGN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def legible(text: str) -> str:
    """A text with a blank for each of them: what a separator parted stays parted."""
    return NO_SIGN.sub(" ", text)
