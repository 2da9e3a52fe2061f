"""Rules that look at a folder of pictures, one file each, in the order they are listed here."""

from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.rule import Registry, Rule
from cnngui.checker.rules.data import (
    blank_image,
    blurry,
    class_imbalance,
    duplicate_across_classes,
    duplicate_across_splits,
    duplicate_images,
    empty_class,
    exif_rotated,
    ignored_files,
    label_leak_in_border_or_size,
    missing_class_in_split,
    mixed_modes,
    mixed_sizes,
    near_duplicate_across_splits,
    near_duplicate_images,
    no_class_folders,
    not_an_image,
    odd_aspect_ratio,
    single_class,
    smaller_than_input,
    split_name_unusual,
    suspected_mislabel,
    too_few_images,
    unreadable_image,
    very_bright,
    very_dark,
    wrong_suffix,
)

LISTED: tuple[Rule[FolderFacts], ...] = (
    # folders
    no_class_folders.check,
    single_class.check,
    missing_class_in_split.check,
    split_name_unusual.check,
    too_few_images.check,
    class_imbalance.check,
    ignored_files.check,
    # files
    unreadable_image.check,
    not_an_image.check,
    empty_class.check,
    wrong_suffix.check,
    exif_rotated.check,
    # pictures
    label_leak_in_border_or_size.check,
    blank_image.check,
    mixed_sizes.check,
    smaller_than_input.check,
    odd_aspect_ratio.check,
    mixed_modes.check,
    very_dark.check,
    very_bright.check,
    blurry.check,
    # copies
    duplicate_across_splits.check,
    duplicate_across_classes.check,
    duplicate_images.check,
    # near copies
    near_duplicate_across_splits.check,
    near_duplicate_images.check,
    # labels
    suspected_mislabel.check,
)

RULES: Registry[FolderFacts] = Registry(LISTED)
