"""The rules, by kind of target: one file per rule, listed explicitly by each family."""
