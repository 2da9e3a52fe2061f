"""Predictions as the cells of a CSV file: the same in the window and on the command line. No torch."""

from cnngui.data.records import Unreadable
from cnngui.engine.results import Prediction

# A cell that begins with one of these is run as a formula by spreadsheets (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def columns(top: int) -> list[str]:
    """path, label, probability, sure, error, familiar, then label_2, probability_2 and so on up to `top`."""
    more = [f"{what}_{place}" for place in range(2, top + 1) for what in ("label", "probability")]
    return ["path", "label", "probability", "sure", "error", "familiar", *more]


def cells(result: Prediction | Unreadable, top: int) -> list[str]:
    """One picture's cells under `columns(top)`. A text that a spreadsheet would take for a formula begins
    with an apostrophe."""
    if isinstance(result, Unreadable):
        row = [result.path, "", "", "", result.reason, ""]
    else:
        sure, familiar = ("true" if yes else "false" for yes in (result.sure, result.familiar))
        row = [result.path, result.label, f"{result.probability:.6f}", sure, "", familiar]
        for guess in result.top[1:top]:
            row += [guess.label, f"{guess.probability:.6f}"]
    row += [""] * (len(columns(top)) - len(row))
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row]
