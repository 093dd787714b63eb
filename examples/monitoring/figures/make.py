"""Computes the figures that the tests compare with, by other means than this library.

    pip install numpy pandas scipy scikit-learn
    python3 figures/make.py        # writes figures/figures.json

Distances and tests are SciPy's, performance is scikit-learn's, quantiles and deviations are
pandas'. What CBPE expects is scikit-learn's figure over a table in which each row stands twice, once
positive and once negative, weighted with the probability of each. DLE is scikit-learn's nearest
neighbours over standardised columns.
"""

import json
import pathlib

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn import metrics
from sklearn.neighbors import KNeighborsRegressor
from sklearn.preprocessing import StandardScaler

here = pathlib.Path(__file__).parent
reference, analysis = (pd.read_csv(here.parent / "data" / f"{name}.csv") for name in ("reference", "analysis"))


def weeks(frame):
    return [week for _, week in frame.groupby(pd.to_datetime(frame.timestamp).dt.to_period("W-SUN"))]


def series(column, metric, measure, low=-np.inf, high=np.inf, limits=None):
    learnt = [measure(week) for week in weeks(reference)]
    values = learnt + [measure(week) for week in weeks(analysis)]
    if limits is None:
        mean, deviation = np.mean(learnt), np.std(learnt)
        lower, upper = mean - 3 * deviation, mean + 3 * deviation
        limits = (lower if lower > low else None, upper if upper < high else None)
    alerts = [bool((limits[0] is not None and value < limits[0]) or (limits[1] is not None and value > limits[1]))
              for value in values]
    return {"column": column, "metric": metric, "lower": limits[0], "upper": limits[1],
            "values": [float(value) for value in values], "alerts": alerts}


def kolmogorov_smirnov(column):
    return lambda week: stats.ks_2samp(reference[column].dropna(), week[column].dropna()).statistic


def jensen_shannon(column):
    edges = np.histogram_bin_edges(reference[column].dropna(), 20)

    def shares(values):
        counts = np.histogram(values, edges)[0]
        return np.append(counts, len(values) - counts.sum()) / len(values)

    left = shares(reference[column].dropna())
    return lambda week: jensenshannon(left, shares(week[column].dropna()), base=2)


def table(column, week):
    both = pd.concat([reference[column].value_counts(), week[column].value_counts()], axis=1)
    return both.fillna(0).to_numpy().T


def chi2(column):
    return lambda week: stats.chi2_contingency(table(column, week), correction=False).pvalue


def l_infinity(column):
    def measure(week):
        left, right = table(column, week)
        return np.abs(left / left.sum() - right / right.sum()).max()
    return measure


def rmse(target, prediction):
    return np.sqrt(metrics.mean_squared_error(target, prediction))


def realized(measure, scored=False):
    answer = "repaid_score" if scored else "repaid_predicted"
    return lambda week: measure(week.repaid, week[answer])


def expected(measure, scored=False):
    def value(week):
        truth = np.repeat([1, 0], len(week))
        weights = np.concatenate([week.repaid_score, 1 - week.repaid_score])
        answer = np.tile(week.repaid_score if scored else week.repaid_predicted, 2)
        return measure(truth, answer, sample_weight=weights)
    return value


def dle(loss, finish):
    columns = ["income", "amount_predicted"]
    scaler = StandardScaler().fit(reference[columns].to_numpy())
    losses = loss(reference.amount - reference.amount_predicted)
    model = KNeighborsRegressor(25).fit(scaler.transform(reference[columns].to_numpy()), losses)
    return lambda week: finish(model.predict(scaler.transform(week[columns].to_numpy())).mean())


low, high = reference.income.min(), reference.income.max()
classifier = [("roc_auc", metrics.roc_auc_score, True), ("f1", metrics.f1_score, False),
              ("accuracy", metrics.accuracy_score, False)]
figures = {
    "univariate_drift": [
        series(column, name, make(column), 0, 1)
        for column in ("income", "debt_ratio")
        for name, make in (("kolmogorov_smirnov", kolmogorov_smirnov), ("jensen_shannon", jensen_shannon))
    ] + [
        series("employment", "chi2", chi2("employment"), limits=(0.05, None)),
        series("employment", "l_infinity", l_infinity("employment"), 0, 1),
    ],
    "summary_stats_count": [series("income", "count", lambda week: week.income.count())],
    "summary_stats_avg": [series("income", "avg", lambda week: week.income.mean())],
    "summary_stats_median": [series("income", "median", lambda week: week.income.median())],
    "summary_stats_std": [series("income", "std", lambda week: week.income.std())],
    "summary_stats_sum": [series("income", "sum", lambda week: week.income.sum())],
    "missing_values": [series("debt_ratio", "missing_values", lambda week: week.debt_ratio.isna().mean(), 0, 1)],
    "unseen_values": [series("employment", "unseen_values",
                             lambda week: (~week.employment.isin(reference.employment)).mean(), 0, 1)],
    "values_out_of_range": [series("income", "values_out_of_range",
                                   lambda week: (~week.income.between(low, high)).mean(), 0, 1)],
    "realized_performance": [series(None, name, realized(measure, scored), 0, 1)
                             for name, measure, scored in classifier],
    "cbpe": [series(None, name, expected(measure, scored), 0, 1) for name, measure, scored in classifier],
    "realized_loss": [
        series(None, "rmse", lambda week: rmse(week.amount, week.amount_predicted), 0),
        series(None, "mae", lambda week: metrics.mean_absolute_error(week.amount, week.amount_predicted), 0),
    ],
    "dle": [series(None, "rmse", dle(np.square, np.sqrt), 0), series(None, "mae", dle(np.abs, float), 0)],
}
(here / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
