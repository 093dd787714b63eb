//! How good a classifier is, when of each row one knows with which probability it is positive: 0 or
//! 1 where the truth is there, a calibrated score where it is not yet.

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Judged {
    /// The model's score.
    pub score: f64,
    /// What the model said.
    pub predicted: bool,
    /// The probability that the row is positive.
    pub positive: f64,
}

/// One number for rows.
pub(crate) type Measure = fn(&[Judged]) -> Option<f64>;

/// The area under the receiver operating characteristic, `None` without both kinds of rows.
pub(crate) fn roc_auc(rows: &[Judged]) -> Option<f64> {
    let mut rows = rows.to_vec();
    rows.sort_by(|one, other| one.score.total_cmp(&other.score));
    let (mut positives, mut negatives, mut area) = (0.0, 0.0, 0.0);
    for ties in rows.chunk_by(|one, other| one.score.total_cmp(&other.score).is_eq()) {
        let positive: f64 = ties.iter().map(|row| row.positive).sum();
        let negative: f64 = ties.iter().map(|row| 1.0 - row.positive).sum();
        area += positive * (negatives + negative / 2.0);
        positives += positive;
        negatives += negative;
    }
    let pairs = positives * negatives;
    (pairs > 0.0).then(|| area / pairs)
}

/// The harmonic mean of precision and recall, `None` where nothing is positive.
pub(crate) fn f1(rows: &[Judged]) -> Option<f64> {
    let sum = |part: fn(&Judged) -> f64| rows.iter().map(part).sum::<f64>();
    let hits = sum(|row| if row.predicted { row.positive } else { 0.0 });
    let said_or_true = sum(|row| row.positive + f64::from(u8::from(row.predicted)));
    (said_or_true > 0.0).then(|| 2.0 * hits / said_or_true)
}

/// The share of rows that the model is right about, `None` without rows.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 rows")]
pub(crate) fn accuracy(rows: &[Judged]) -> Option<f64> {
    let right = rows.iter().map(|row| if row.predicted { row.positive } else { 1.0 - row.positive });
    (!rows.is_empty()).then(|| right.sum::<f64>() / rows.len() as f64)
}
