//! `runtime_environment`: what kind of place this is. The rows of the tables are asked from top to
//! bottom; the names are those that the reference has, and further ones where it has none.
//!
//! Sources of the signals: systemd's `virt.c`, Tailscale's `cloudenv`, the vendors' own pages.

use crate::surroundings::Surroundings;

/// A kind of place and the variables any of which tells it; the specific before the general.
type Row = (&'static str, &'static [&'static str]);

const NOTEBOOKS: &[Row] = &[(
    "notebook",
    &[
        "COLAB_RELEASE_TAG",
        "COLAB_GPU",
        "KAGGLE_KERNEL_RUN_TYPE",
        "DATABRICKS_RUNTIME_VERSION",
        "PAPERSPACE_NOTEBOOK_REPO_ID",
        "EVCXR_IS_RUNTIME",
        "JPY_PARENT_PID",
    ],
)];

const SERVICES: &[Row] = &[
    ("lambda", &["AWS_LAMBDA_FUNCTION_NAME"]),
    ("cloud_run", &["K_SERVICE", "CLOUD_RUN_JOB"]),
    ("azure_functions", &["FUNCTIONS_WORKER_RUNTIME"]),
    ("ecs", &["ECS_CONTAINER_METADATA_URI_V4", "ECS_CONTAINER_METADATA_URI"]),
    ("codespaces", &["CODESPACES"]),
];

/// The inode of the first PID namespace, the one that is no container's.
const HOST_PID_NAMESPACE: u64 = 0xEFFF_FFFC;

/// What kind of place this is.
pub(crate) fn detect(surroundings: &Surroundings) -> &'static str {
    by_variable(NOTEBOOKS, surroundings)
        .or_else(|| kubernetes(surroundings))
        .or_else(|| by_variable(SERVICES, surroundings))
        .or_else(|| container(surroundings))
        .or_else(|| wsl(surroundings))
        .unwrap_or("native")
}

/// Whether a place of this kind is a container: its machine id is that of its image.
pub(crate) fn is_container(runtime: &str) -> bool {
    !matches!(runtime, "native" | "notebook" | "wsl")
}

fn by_variable(rows: &[Row], surroundings: &Surroundings) -> Option<&'static str> {
    let has_any = |names: &[&str]| names.iter().any(|name| surroundings.has_value(name));
    rows.iter().find(|(_, names)| has_any(names)).map(|(kind, _)| *kind)
}

/// Kubernetes, and whose cloud it runs in as far as the firmware's tables say.
fn kubernetes(surroundings: &Surroundings) -> Option<&'static str> {
    let is_kubernetes = surroundings.has_value("KUBERNETES_SERVICE_HOST")
        || surroundings.exists("/var/run/secrets/kubernetes.io");
    if !is_kubernetes {
        return None;
    }
    let firmware = |file: &str| surroundings.text(&format!("/sys/class/dmi/id/{file}"));
    let vendor = firmware("bios_vendor");
    if vendor == "Amazon EC2" || vendor.ends_with(".amazon") {
        return Some("eks");
    }
    // The asset tag that every Azure virtual machine has.
    let is_azure = firmware("chassis_asset_tag") == "7783-7084-3265-9085-8269-3286-77";
    Some(if is_azure { "aks" } else { "kubernetes" })
}

fn container(surroundings: &Surroundings) -> Option<&'static str> {
    if surroundings.exists("/run/.containerenv") {
        return Some("podman");
    }
    // The file alone is not enough: images of virtual machines that were made from a container's
    // have it, too. A container has a PID namespace of its own.
    (surroundings.exists("/.dockerenv") && !is_in_host_pid_namespace(surroundings)).then_some("docker")
}

#[cfg(unix)]
fn is_in_host_pid_namespace(surroundings: &Surroundings) -> bool {
    use std::os::unix::fs::MetadataExt;
    let namespace = surroundings.path("/proc/self/ns/pid");
    // The link reads `pid:[4026531836]`; made-up roots in tests have just that text in a file.
    let text = std::fs::read_link(&namespace)
        .map_or_else(|_| surroundings.text("/proc/self/ns/pid"), |link| link.to_string_lossy().into_owned());
    text == format!("pid:[{HOST_PID_NAMESPACE}]")
        || namespace.metadata().is_ok_and(|metadata| metadata.ino() == HOST_PID_NAMESPACE)
}

#[cfg(not(unix))]
fn is_in_host_pid_namespace(_: &Surroundings) -> bool {
    false
}

fn wsl(surroundings: &Surroundings) -> Option<&'static str> {
    let release = surroundings.text("/proc/sys/kernel/osrelease").to_ascii_lowercase();
    (release.contains("microsoft") || release.contains("wsl")).then_some("wsl")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What is detected with these variables and these files (path, content).
    fn detected(variables: &[(&str, &str)], files: &[(&str, &str)]) -> &'static str {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
            std::fs::write(path, content).unwrap();
        }
        detect(&Surroundings::made_up(root.path(), variables))
    }

    const DOCKER: (&str, &str) = (".dockerenv", "");
    const SECRETS: (&str, &str) = ("var/run/secrets/kubernetes.io/serviceaccount/token", "secret");

    #[test]
    fn nothing_special_is_native() {
        assert_eq!(detected(&[], &[]), "native");
        assert_eq!(detected(&[("K_SERVICE", "")], &[]), "native", "an empty variable says nothing");
    }

    #[test]
    fn each_variable_tells_its_place() {
        for (variable, expected) in [
            ("COLAB_RELEASE_TAG", "notebook"),
            ("COLAB_GPU", "notebook"),
            ("KAGGLE_KERNEL_RUN_TYPE", "notebook"),
            ("DATABRICKS_RUNTIME_VERSION", "notebook"),
            ("PAPERSPACE_NOTEBOOK_REPO_ID", "notebook"),
            ("EVCXR_IS_RUNTIME", "notebook"),
            ("JPY_PARENT_PID", "notebook"),
            ("AWS_LAMBDA_FUNCTION_NAME", "lambda"),
            ("K_SERVICE", "cloud_run"),
            ("CLOUD_RUN_JOB", "cloud_run"),
            ("FUNCTIONS_WORKER_RUNTIME", "azure_functions"),
            ("ECS_CONTAINER_METADATA_URI_V4", "ecs"),
            ("ECS_CONTAINER_METADATA_URI", "ecs"),
            ("CODESPACES", "codespaces"),
            ("KUBERNETES_SERVICE_HOST", "kubernetes"),
        ] {
            assert_eq!(detected(&[(variable, "x")], &[DOCKER]), expected, "{variable}");
        }
    }

    #[test]
    fn kubernetes_is_told_by_its_secrets_and_its_cloud_by_the_firmware() {
        assert_eq!(detected(&[], &[SECRETS, DOCKER]), "kubernetes");
        let vendor = |vendor| ("sys/class/dmi/id/bios_vendor", vendor);
        assert_eq!(detected(&[], &[SECRETS, vendor("Amazon EC2\n")]), "eks");
        assert_eq!(detected(&[], &[SECRETS, vendor("4.11.amazon\n")]), "eks");
        assert_eq!(detected(&[], &[SECRETS, vendor("SeaBIOS\n")]), "kubernetes");
        let tag = ("sys/class/dmi/id/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77\n");
        assert_eq!(detected(&[], &[SECRETS, tag]), "aks");
        assert_eq!(detected(&[], &[vendor("Amazon EC2\n")]), "native", "a cloud is no Kubernetes");
    }

    #[test]
    fn a_container_has_a_pid_namespace_of_its_own() {
        assert_eq!(detected(&[], &[DOCKER]), "docker");
        assert_eq!(detected(&[], &[DOCKER, ("proc/self/ns/pid", "pid:[4026532281]")]), "docker");
        assert_eq!(detected(&[], &[DOCKER, ("proc/self/ns/pid", "pid:[4026531836]")]), "native");
        assert_eq!(detected(&[], &[("run/.containerenv", ""), DOCKER]), "podman");
    }

    #[test]
    fn windows_subsystem_for_linux_names_itself_in_the_kernel() {
        let kernel = |release| ("proc/sys/kernel/osrelease", release);
        assert_eq!(detected(&[], &[kernel("5.15.153.1-microsoft-standard-WSL2\n")]), "wsl");
        assert_eq!(detected(&[], &[kernel("6.18.44\n")]), "native");
        assert_eq!(detected(&[], &[kernel("5.15-microsoft"), DOCKER]), "docker");
    }
}
