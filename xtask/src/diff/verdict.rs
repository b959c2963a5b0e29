//! The verdict: the step of the version that the changes ask for, and the version that follows.

use semver::Version;

use super::entry::{Entry, Step};

/// What to publish.
#[derive(Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) step: Step,
    /// The entry that decides it.
    pub(crate) decisive: Option<&'a Entry>,
    /// The present version and the next one.
    pub(crate) versions: Option<(Version, Version)>,
}

pub(crate) fn verdict<'a>(entries: &'a [Entry], present: Option<&Version>) -> Verdict<'a> {
    let step = entries.iter().map(Entry::step).max().unwrap_or(Step::None);
    let decisive = entries.iter().find(|entry| entry.step() == step);
    let versions = present.map(|present| (present.clone(), next(present, step)));
    Verdict { step, decisive, versions }
}

/// Returns the version after a step, by the rules of Cargo: the first number that is not zero is the major one.
pub(crate) fn next(present: &Version, step: Step) -> Version {
    let Version { major, minor, patch, .. } = *present;
    let is_release = present.pre.is_empty();
    match (step, major, minor) {
        (Step::None, ..) => present.clone(),
        // The release that a pre-release announces may still differ from it, as far as it differs from the one before.
        _ if !is_release && announces(present, step) => Version::new(major, minor, patch),
        (Step::Major, 1.., _) => Version::new(major + 1, 0, 0),
        (Step::Minor, 1.., _) | (Step::Major, 0, 1..) => Version::new(major, minor + 1, 0),
        _ => Version::new(major, minor, patch + 1),
    }
}

/// Whether the release of a pre-release is such a step from the release before.
fn announces(present: &Version, step: Step) -> bool {
    match (step, present.major) {
        (Step::Major, 1..) => present.minor == 0 && present.patch == 0,
        (Step::Minor, 1..) | (Step::Major, 0) => present.patch == 0,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_is_not_zero_is_the_major_one() {
        for (present, step, expected) in [
            ("1.2.3", Step::Major, "2.0.0"),
            ("1.2.3", Step::Minor, "1.3.0"),
            ("1.2.3", Step::Patch, "1.2.4"),
            ("0.2.3", Step::Major, "0.3.0"),
            ("0.2.3", Step::Minor, "0.2.4"),
            ("0.0.3", Step::Major, "0.0.4"),
            ("0.0.3", Step::None, "0.0.3"),
            ("2.0.0-rc.1", Step::Major, "2.0.0"),
            ("1.2.4-rc.1", Step::Major, "2.0.0"),
            ("1.2.4-rc.1", Step::Patch, "1.2.4"),
        ] {
            let present = Version::parse(present).unwrap();
            assert_eq!(next(&present, step).to_string(), expected, "{present} {step:?}");
        }
    }
}
