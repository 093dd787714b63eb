//! Names: which ones are taken in an event, and which one an author may have meant.

/// Properties that every event has or may have, and those that Segment or Mixpanel read in their
/// own way; Mixpanel drops some and lets others override what it knows itself.
const RESERVED: [(&str, &str); 25] = [
    ("run_time", OURS),
    ("process_run_time", OURS),
    ("exception_occurred", OURS),
    ("exception_type", OURS),
    ("parent", OURS),
    ("calls", OURS),
    ("exceptions", OURS),
    ("dropped", OURS),
    ("os_type", OURS),
    ("runtime_environment", OURS),
    ("ci", OURS),
    ("agent", OURS),
    ("identity", OURS),
    ("event", OURS),
    ("timestamp", OURS),
    ("revenue", SEGMENT),
    ("currency", SEGMENT),
    ("value", SEGMENT),
    ("time", MIXPANEL),
    ("id", MIXPANEL),
    ("distinct_id", MIXPANEL),
    ("token", MIXPANEL),
    ("ip", MIXPANEL),
    ("bucket", MIXPANEL),
    ("metrics", "write `metrics = …` outside of `properties(…)`"),
];

const OURS: &str = "every event may have a property of this name; choose another";
const SEGMENT: &str = "Segment gives this name a meaning of its own; choose another";
const MIXPANEL: &str = "Mixpanel gives this name a meaning of its own; choose another";

/// Why a property must not be called `name`, if so.
pub(crate) fn reserved(name: &str) -> Option<&'static str> {
    if name.ends_with("_version") {
        return Some("names that end in `_version` are kept for the versions in every event; choose another");
    }
    if name.starts_with("mp_") {
        return Some(MIXPANEL);
    }
    RESERVED.iter().find(|(reserved, _)| *reserved == name).map(|(_, why)| *why)
}

/// The candidate that an author who wrote `word` most likely meant.
pub(crate) fn similar<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let distances = candidates.iter().map(|candidate| (distance(word, candidate), *candidate));
    distances.filter(|(distance, _)| *distance <= 2).min().map(|(_, candidate)| candidate)
}

/// How many letters have to be changed, added or left out to come from one word to the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, one) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (column, other) in right.chars().enumerate() {
            let replaced = diagonal + usize::from(one != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let keys = ["event", "metrics", "crate"];
        assert_eq!(similar("evnt", &keys), Some("event"));
        assert_eq!(similar("metric", &keys), Some("metrics"));
        assert_eq!(similar("carte", &keys), Some("crate"));
        assert_eq!(similar("name", &keys), None);
    }

    #[test]
    fn the_distance_counts_letters() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn names_that_are_taken_are_reserved() {
        for name in ["run_time", "revenue", "distinct_id", "rust_version", "my_version", "mp_lib", "metrics"]
        {
            assert!(reserved(name).is_some(), "{name}");
        }
        for name in ["kind", "problem_type", "version", "compiler"] {
            assert!(reserved(name).is_none(), "{name}");
        }
    }
}
