import pytest

from cnngui.engine.metrics import balanced_accuracy, calibration_error, class_scores, reliability, wilson


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_wilson_of_nothing_is_unknown_and_of_all_ends_at_one() -> None:
    assert wilson(0, 0) is None
    interval = wilson(20, 20)
    assert interval is not None
    assert interval[1] == 1.0
    assert interval[0] == pytest.approx(1 - 0.1611, abs=5e-5)


def test_class_scores_by_hand() -> None:
    first, second, third = class_scores([[8, 2, 0], [1, 9, 0], [0, 0, 0]])
    assert (first.precision, first.recall, first.images) == (8 / 9, 0.8, 10)
    assert first.f1 == pytest.approx(2 * (8 / 9) * 0.8 / (8 / 9 + 0.8))
    assert (second.precision, second.recall) == (9 / 11, 0.9)
    assert (third.precision, third.recall, third.f1, third.images) == (0, 0, 0, 0)


def test_a_rare_class_counts_as_much_as_a_common_one() -> None:
    assert balanced_accuracy(class_scores([[98, 0, 0], [1, 1, 0], [0, 0, 0]])) == 0.75
    assert balanced_accuracy([]) == 0


def error(confidences: list[float], right: list[bool]) -> float:
    return calibration_error(reliability(confidences, right))


def test_calibration_error_is_zero_when_stated_and_actual_agree() -> None:
    assert error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert error([1.0] * 4, [True, True, False, False]) == pytest.approx(0.5)
    # Two bins: (0.9, all right) is off by 0.1, (0.6, none right) by 0.6; weighted by their pictures.
    assert error([0.9] * 3 + [0.6], [True] * 3 + [False]) == pytest.approx((3 * 0.1 + 0.6) / 4)
    assert error([], []) == 0


def test_bins_hold_every_picture_once() -> None:
    low, high = reliability([0.0, 0.01, 1.0], [False, True, True])
    assert (low.images, low.probability, low.right) == (2, 0.005, 0.5)
    assert (high.images, high.probability, high.right) == (1, 1.0, 1.0)
