"""Makes the bundled data: loans of a bank that does not exist, drawn from a seeded generator.

    python3 figures/data.py        # needs numpy and pandas

Ten weeks in which all is well, then ten in which, from the fifth on, incomes move up, one debt
ratio in ten goes missing and a kind of employment appears that the model never saw.
"""

import pathlib

import numpy as np
import pandas as pd

WEEK = 100
KINDS = np.array(["employed", "self-employed", "retired", "student"])
random = np.random.default_rng(20260301)


def sigmoid(value):
    return 1 / (1 + np.exp(-value))


def loans(begin, weeks, changed):
    """`changed` is the first week in which the world is another one."""
    rows = weeks * WEEK
    late = np.arange(rows) // WEEK >= changed
    income = random.lognormal(np.where(late, 10.75, 10.4), np.where(late, 0.45, 0.3))
    debt_ratio = random.beta(2, np.where(late, 3.2, 5))
    kind = random.choice(KINDS, rows, p=[0.6, 0.2, 0.15, 0.05])
    kind = np.where(late & (random.random(rows) < 0.12), "contractor", kind)

    rich = np.log(income) - 10.4
    score = sigmoid(1.1 + 2.2 * rich - 4.5 * (debt_ratio - 0.28))
    truth = np.where(kind == "contractor", score * 0.5, score)
    amount = 0.4 * income * (1 - debt_ratio)
    noise = random.normal(0, 0.05 + 0.35 * debt_ratio) * amount

    start = np.datetime64(begin, "s").astype(int)
    moments = np.sort(random.integers(0, 7 * 86400, (weeks, WEEK)), axis=1)
    moments = start + (moments + np.arange(weeks)[:, None] * 7 * 86400).ravel()
    return pd.DataFrame({
        "timestamp": pd.to_datetime(moments, unit="s").strftime("%Y-%m-%d %H:%M:%S"),
        "income": income.round(2),
        "debt_ratio": pd.Series(debt_ratio.round(4)).where(~(late & (random.random(rows) < 0.1))),
        "employment": kind,
        "repaid": (random.random(rows) < truth).astype(int),
        "repaid_predicted": (score > 0.5).astype(int),
        "repaid_score": score.round(4),
        "amount": (amount + noise).round(2),
        "amount_predicted": amount.round(2),
    })


folder = pathlib.Path(__file__).parent.parent / "data"
loans("2026-01-05", 10, 99).to_csv(folder / "reference.csv", index=False)
loans("2026-03-16", 10, 4).to_csv(folder / "analysis.csv", index=False)
