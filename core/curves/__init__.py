"""Learning curves: cases, LC-CUSUM, charts, the paper from raw taps, a case replayed."""
