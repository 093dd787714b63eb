//! `ci`: which continuous integration system. The rules are those of the npm package ci-info:
//! `CI=false` says no to everything, and an empty variable says nothing.

use crate::surroundings::Surroundings;

/// Each system's name and the variables all of which it sets.
const VENDORS: [(&str, &[&str]); 46] = [
    ("agola", &["AGOLA_GIT_REF"]),
    ("appcircle", &["AC_APPCIRCLE"]),
    ("appveyor", &["APPVEYOR"]),
    ("azure_pipelines", &["TF_BUILD"]),
    ("bamboo", &["bamboo_planKey"]),
    ("bitbucket", &["BITBUCKET_COMMIT"]),
    ("bitrise", &["BITRISE_IO"]),
    ("buddy", &["BUDDY_WORKSPACE_ID"]),
    ("buildkite", &["BUILDKITE"]),
    ("circleci", &["CIRCLECI"]),
    ("cirrus", &["CIRRUS_CI"]),
    ("cloudflare_pages", &["CF_PAGES"]),
    ("cloudflare_workers", &["WORKERS_CI"]),
    ("codebuild", &["CODEBUILD_BUILD_ARN"]),
    ("codefresh", &["CF_BUILD_ID"]),
    ("codemagic", &["CM_BUILD_ID"]),
    ("codeship", &["CI_NAME", "CODESHIP"]),
    ("drone", &["DRONE"]),
    ("dsari", &["DSARI"]),
    ("earthly", &["EARTHLY_CI"]),
    ("eas", &["EAS_BUILD"]),
    ("gerrit", &["GERRIT_PROJECT"]),
    ("gitea_actions", &["GITEA_ACTIONS"]),
    ("github_actions", &["GITHUB_ACTIONS"]),
    ("gitlab", &["GITLAB_CI"]),
    ("gocd", &["GO_PIPELINE_LABEL"]),
    ("google_cloud_build", &["BUILDER_OUTPUT"]),
    ("harness", &["HARNESS_BUILD_ID"]),
    ("hudson", &["HUDSON_URL"]),
    ("jenkins", &["JENKINS_URL", "BUILD_ID"]),
    ("layerci", &["LAYERCI"]),
    ("magnum", &["MAGNUM"]),
    ("nevercode", &["NEVERCODE"]),
    ("prow", &["PROW_JOB_ID"]),
    ("release_hub", &["RELEASE_BUILD_ID"]),
    ("sail", &["SAILCI"]),
    ("screwdriver", &["SCREWDRIVER"]),
    ("semaphore", &["SEMAPHORE"]),
    ("sourcehut", &["CI_NAME", "JOB_ID", "JOB_URL"]),
    ("strider", &["STRIDER"]),
    ("taskcluster", &["TASK_ID", "RUN_ID"]),
    ("teamcity", &["TEAMCITY_VERSION"]),
    ("travis", &["TRAVIS"]),
    ("vela", &["VELA"]),
    ("xcode_cloud", &["CI_XCODE_PROJECT"]),
    ("xcode_server", &["XCS"]),
];

/// Variables that tell a continuous integration system without telling which.
const GENERIC: [&str; 5] = ["CI", "CONTINUOUS_INTEGRATION", "BUILD_NUMBER", "CI_BUILD_ID", "CI_BUILD_NUMBER"];

/// The system's name, `other` for one that is not known, `None` outside of any.
pub(crate) fn detect(surroundings: &Surroundings) -> Option<&'static str> {
    let ci = surroundings.variable("CI").unwrap_or_default();
    if ci == "false" {
        return None;
    }
    if ci == "woodpecker" {
        return Some("woodpecker");
    }
    let has_all = |names: &[&str]| names.iter().all(|name| surroundings.has_value(name));
    let vendor = VENDORS.iter().find(|(_, names)| has_all(names)).map(|(vendor, _)| *vendor);
    vendor.or_else(|| GENERIC.iter().any(|name| surroundings.has_value(name)).then_some("other"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn detected(variables: &[(&str, &str)]) -> Option<&'static str> {
        detect(&Surroundings::made_up(Path::new("/nonexistent"), variables))
    }

    #[test]
    fn each_vendor_is_told_by_its_variables_and_only_by_all_of_them() {
        for (vendor, names) in VENDORS {
            let variables: Vec<(&str, &str)> = names.iter().map(|name| (*name, "1")).collect();
            assert_eq!(detected(&variables), Some(vendor));
            assert_ne!(detected(&variables[1..]), Some(vendor));
        }
    }

    #[test]
    fn the_common_ones_have_the_names_that_people_know() {
        assert_eq!(detected(&[("CI", "true"), ("GITHUB_ACTIONS", "true")]), Some("github_actions"));
        assert_eq!(detected(&[("CI", "true"), ("GITLAB_CI", "true")]), Some("gitlab"));
        assert_eq!(detected(&[("JENKINS_URL", "http://x"), ("BUILD_ID", "7")]), Some("jenkins"));
        assert_eq!(detected(&[("CI", "woodpecker")]), Some("woodpecker"));
    }

    #[test]
    fn an_unknown_one_is_other_and_none_is_none() {
        assert_eq!(detected(&[("CI", "True")]), Some("other"));
        assert_eq!(detected(&[("BUILD_NUMBER", "7")]), Some("other"));
        assert_eq!(detected(&[]), None);
    }

    #[test]
    fn false_says_no_to_everything_and_empty_says_nothing() {
        assert_eq!(detected(&[("CI", "false"), ("GITHUB_ACTIONS", "true")]), None);
        assert_eq!(detected(&[("CI", ""), ("GITHUB_ACTIONS", "")]), None);
    }
}
