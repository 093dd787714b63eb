//! Which CI system runs the process: a table of those that ci-info knows
//! (<https://github.com/watson/ci-info>), by its rules and without its faults.

use super::signal::Signal::{self, All, Any, Variable, VariableIs};
use crate::surroundings::Surroundings;

/// What is said of a CI system that is in no row.
const UNKNOWN: &str = "other";

/// The property's value, and what shows it. More special ones come first: Gitea sets GitHub's
/// variables, too. Render, Vercel and Netlify set theirs also in the running site, which is no CI.
const SYSTEMS: [(&str, Signal); 57] = [
    ("gitea_actions", Variable("GITEA_ACTIONS")),
    ("github_actions", Any(&[Variable("GITHUB_ACTIONS"), Variable("GITHUB_ACTION")])),
    ("gitlab_ci", Variable("GITLAB_CI")),
    ("agola", Variable("AGOLA_GIT_REF")),
    ("appcircle", Variable("AC_APPCIRCLE")),
    ("appveyor", Variable("APPVEYOR")),
    ("aws_codebuild", Variable("CODEBUILD_BUILD_ARN")),
    ("azure_pipelines", Any(&[Variable("TF_BUILD"), Variable("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI")])),
    ("bamboo", Variable("bamboo_planKey")),
    ("bitbucket_pipelines", Variable("BITBUCKET_COMMIT")),
    ("bitrise", Variable("BITRISE_IO")),
    ("buddy", Variable("BUDDY_WORKSPACE_ID")),
    ("buildkite", Variable("BUILDKITE")),
    ("circleci", Variable("CIRCLECI")),
    ("cirrus_ci", Variable("CIRRUS_CI")),
    ("cloudflare_pages", Variable("CF_PAGES")),
    ("cloudflare_workers", Variable("WORKERS_CI")),
    ("codefresh", Variable("CF_BUILD_ID")),
    ("codemagic", Variable("CM_BUILD_ID")),
    ("codeship", VariableIs("CI_NAME", "codeship")),
    ("drone", Variable("DRONE")),
    ("dsari", Variable("DSARI")),
    ("earthly", Variable("EARTHLY_CI")),
    ("expo", Variable("EAS_BUILD")),
    ("gerrit", Variable("GERRIT_PROJECT")),
    ("gocd", Variable("GO_PIPELINE_LABEL")),
    ("google_cloud_build", Variable("BUILDER_OUTPUT")),
    ("harness", Variable("HARNESS_BUILD_ID")),
    ("heroku", VariableIs("NODE", "/app/.heroku/node/bin/node")),
    ("hudson", Variable("HUDSON_URL")),
    ("jenkins", All(&[Variable("JENKINS_URL"), Variable("BUILD_ID")])),
    ("layerci", Variable("LAYERCI")),
    ("magnum", Variable("MAGNUM")),
    ("netlify", All(&[Variable("NETLIFY"), Variable("CI")])),
    ("nevercode", Variable("NEVERCODE")),
    ("prow", Variable("PROW_JOB_ID")),
    ("releasehub", Variable("RELEASE_BUILD_ID")),
    ("render", All(&[Variable("RENDER"), Variable("CI")])),
    ("sail_ci", Variable("SAILCI")),
    ("screwdriver", Variable("SCREWDRIVER")),
    ("semaphore", Variable("SEMAPHORE")),
    ("shippable", Variable("SHIPPABLE")),
    ("solano", Variable("TDDIUM")),
    ("sourcehut", VariableIs("CI_NAME", "sourcehut")),
    ("strider", Variable("STRIDER")),
    ("taskcluster", All(&[Variable("TASK_ID"), Variable("RUN_ID")])),
    ("teamcity", Variable("TEAMCITY_VERSION")),
    ("travis", Variable("TRAVIS")),
    ("vela", Variable("VELA")),
    ("vercel", Any(&[Variable("NOW_BUILDER"), All(&[Variable("VERCEL"), Variable("CI")])])),
    ("visual_studio_app_center", Variable("APPCENTER_BUILD_ID")),
    ("woodpecker", VariableIs("CI", "woodpecker")),
    ("xcode_cloud", Variable("CI_XCODE_PROJECT")),
    ("xcode_server", Variable("XCS")),
    ("appflow", Any(&[Variable("CI_APP_ID"), Variable("CI_BUILD_NUMBER")])),
    ("jenkins", All(&[Variable("JENKINS_HOME"), Variable("BUILD_NUMBER")])),
    (UNKNOWN, GENERIC),
];

/// What systems that are in no row set.
const GENERIC: Signal = Any(&[
    Variable("CI"),
    Variable("CONTINUOUS_INTEGRATION"),
    Variable("BUILD_ID"),
    Variable("BUILD_NUMBER"),
    Variable("CI_BUILD_ID"),
    Variable("CI_NAME"),
    Variable("RUN_ID"),
]);

/// The CI system, if one runs the process. `CI=false` says that none does.
pub(super) fn detect(surroundings: &Surroundings) -> Option<&'static str> {
    if VariableIs("CI", "false").is_in(surroundings) {
        return None;
    }
    SYSTEMS.iter().find(|(_, sign)| sign.is_in(surroundings)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    fn detected(variables: &[&str]) -> Option<&'static str> {
        let plain = Surroundings::made_of(&Folder::with(&[]));
        detect(&variables.iter().fold(plain, |surroundings, variable| {
            let (name, value) = variable.split_once('=').unwrap_or((variable, "x"));
            surroundings.with_variable(name, value)
        }))
    }

    /// What each system sets, as its manual or ci-info says, and what is to be said of it.
    const EXPECTED: &str = "
        GITEA_ACTIONS GITHUB_ACTIONS CI -> gitea_actions
        GITHUB_ACTIONS -> github_actions
        GITHUB_ACTION -> github_actions
        GITLAB_CI CI CI_BUILD_ID -> gitlab_ci
        AGOLA_GIT_REF -> agola
        AC_APPCIRCLE -> appcircle
        APPVEYOR -> appveyor
        CODEBUILD_BUILD_ARN -> aws_codebuild
        TF_BUILD=True -> azure_pipelines
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI -> azure_pipelines
        bamboo_planKey -> bamboo
        BITBUCKET_COMMIT -> bitbucket_pipelines
        BITRISE_IO -> bitrise
        BUDDY_WORKSPACE_ID -> buddy
        BUILDKITE -> buildkite
        CIRCLECI -> circleci
        CIRRUS_CI CONTINUOUS_INTEGRATION -> cirrus_ci
        CF_PAGES -> cloudflare_pages
        WORKERS_CI -> cloudflare_workers
        CF_BUILD_ID -> codefresh
        CM_BUILD_ID -> codemagic
        CI_NAME=codeship -> codeship
        DRONE -> drone
        DSARI RUN_ID -> dsari
        EARTHLY_CI -> earthly
        EAS_BUILD -> expo
        GERRIT_PROJECT -> gerrit
        GO_PIPELINE_LABEL -> gocd
        BUILDER_OUTPUT -> google_cloud_build
        HARNESS_BUILD_ID -> harness
        NODE=/app/.heroku/node/bin/node -> heroku
        HUDSON_URL -> hudson
        JENKINS_URL BUILD_ID -> jenkins
        JENKINS_HOME BUILD_NUMBER -> jenkins
        LAYERCI -> layerci
        MAGNUM -> magnum
        NETLIFY CI -> netlify
        NEVERCODE -> nevercode
        PROW_JOB_ID -> prow
        RELEASE_BUILD_ID -> releasehub
        RENDER CI -> render
        SAILCI -> sail_ci
        SCREWDRIVER -> screwdriver
        SEMAPHORE -> semaphore
        SHIPPABLE -> shippable
        TDDIUM -> solano
        CI_NAME=sourcehut -> sourcehut
        STRIDER -> strider
        TASK_ID RUN_ID -> taskcluster
        TEAMCITY_VERSION -> teamcity
        TRAVIS -> travis
        VELA -> vela
        NOW_BUILDER -> vercel
        VERCEL CI=1 -> vercel
        APPCENTER_BUILD_ID -> visual_studio_app_center
        CI=woodpecker -> woodpecker
        CI_XCODE_PROJECT -> xcode_cloud
        XCS -> xcode_server
        CI_APP_ID -> appflow
        CI_BUILD_NUMBER -> appflow
        CI=True -> other
        CONTINUOUS_INTEGRATION -> other
        BUILD_ID -> other
        BUILD_NUMBER -> other
        CI_BUILD_ID -> other
        CI_NAME=homegrown -> other
        RUN_ID -> other";

    fn expected() -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
        EXPECTED.lines().filter_map(|line| {
            let (variables, name) = line.split_once(" -> ")?;
            Some((variables.split_whitespace().collect(), name))
        })
    }

    #[test]
    fn each_system_is_known_by_what_it_sets() {
        for (variables, name) in expected() {
            assert_eq!(detected(&variables), Some(name), "{variables:?}");
        }
    }

    #[test]
    fn no_row_is_without_its_test() {
        for (name, _) in SYSTEMS {
            assert!(expected().any(|(_, expected)| expected == name), "{name}");
        }
    }

    #[test]
    fn ci_false_and_empty_variables_say_that_there_is_none() {
        assert_eq!(detected(&[]), None);
        assert_eq!(detected(&["CI=false", "GITHUB_ACTIONS"]), None);
        assert_eq!(detected(&["CI=", "RENDER=", "GITHUB_ACTIONS=", "BUILD_ID="]), None);
    }

    #[test]
    fn a_site_that_runs_on_a_hoster_is_no_ci() {
        for variable in ["RENDER", "VERCEL", "NETLIFY", "JENKINS_URL", "TASK_ID", "NODE=/usr/bin/node"] {
            assert_eq!(detected(&[variable]), None, "{variable}");
        }
    }
}
