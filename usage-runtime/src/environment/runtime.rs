//! `runtime_environment`: the table of the places where a program can run, and its order. Words
//! that the reference has keep its spelling; the others are our own, where it wrongly says `native`.

use super::signal::Signal::{self, All, Any, Contains, Exists, OwnProcesses, Variable, VariableIs};
use crate::surroundings::Surroundings;

/// A place, and what shows it.
struct Runtime {
    word: &'static str,
    sign: Signal,
    /// Whether the machine in it is an image's, see [`super::Environment::is_disposable`].
    is_container: bool,
}

const fn container(word: &'static str, sign: Signal) -> Runtime {
    Runtime { word, sign, is_container: true }
}

const fn machine(word: &'static str, sign: Signal) -> Runtime {
    Runtime { word, sign, is_container: false }
}

const CGROUP: &str = "/proc/self/cgroup";
const KERNEL: &str = "/proc/sys/kernel/osrelease";

/// The reference looks at the folder alone; the variable is there even without a service account.
const KUBERNETES: Signal = Any(&[
    Variable("KUBERNETES_SERVICE_HOST"),
    Exists("/var/run/secrets/kubernetes.io"),
    Contains(CGROUP, "kubepods"),
]);

/// Firmware that only Amazon's machines have (tailscale, util/cloudenv), or a folder that EKS
/// mounts for the identity of a pod.
const AWS: Signal = Any(&[
    Exists("/var/run/secrets/eks.amazonaws.com"),
    Exists("/var/run/secrets/pods.eks.amazonaws.com"),
    Contains("/sys/class/dmi/id/bios_vendor", "amazon"),
    Contains("/sys/class/dmi/id/sys_vendor", "amazon ec2"),
]);

/// The asset tag of Azure's machines (systemd's hardware database). Its vendor is that of every
/// Hyper-V, so it says nothing.
const AZURE: Signal = Any(&[
    Exists("/var/run/secrets/azure/tokens"),
    Contains("/sys/class/dmi/id/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77"),
]);

const GOOGLE: Signal = Contains("/sys/class/dmi/id/product_name", "google compute engine");

/// The first row that applies is the runtime.
///
/// What somebody works in comes before what it stands on: a notebook in a pod is a notebook.
/// A Kubernetes on a cloud's machines counts as the cloud's own, as in the reference; one that somebody
/// runs there by hand looks the same.
const RUNTIMES: [Runtime; 18] = [
    container("notebook", Any(&[Variable("COLAB_RELEASE_TAG"), Variable("COLAB_GPU")])),
    container("notebook", Variable("KAGGLE_KERNEL_RUN_TYPE")),
    // Jobs run there without any notebook, too.
    container(
        "databricks",
        Any(&[Variable("DATABRICKS_RUNTIME_VERSION"), Exists("/databricks/DBR_VERSION")]),
    ),
    container("notebook", Variable("PAPERSPACE_NOTEBOOK_REPO_ID")),
    container("codespaces", VariableIs("CODESPACES", "true")),
    container("lambda", Variable("AWS_LAMBDA_FUNCTION_NAME")),
    container("azure_functions", Variable("FUNCTIONS_WORKER_RUNTIME")),
    container(
        "ecs",
        Any(&[
            Variable("ECS_CONTAINER_METADATA_URI_V4"),
            Variable("ECS_CONTAINER_METADATA_URI"),
            // Others of Amazon's services set it to other words.
            VariableIs("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE"),
            VariableIs("AWS_EXECUTION_ENV", "AWS_ECS_EC2"),
        ]),
    ),
    container("eks", All(&[KUBERNETES, AWS])),
    container("aks", All(&[KUBERNETES, AZURE])),
    container("gke", All(&[KUBERNETES, GOOGLE])),
    container("kubernetes", KUBERNETES),
    // Knative sets `K_SERVICE` in every Kubernetes; without one it is Google's.
    container("cloud_run", Any(&[Variable("K_SERVICE"), Variable("CLOUD_RUN_JOB")])),
    container("podman", Any(&[Exists("/run/.containerenv"), VariableIs("container", "podman")])),
    // The file can come with an image that somebody booted as a machine of its own; the process
    // then sees that machine's processes (systemd, src/basic/virt.c, asks for it last, too).
    container("docker", All(&[Exists("/.dockerenv"), OwnProcesses])),
    container("docker", Any(&[Contains(CGROUP, "/docker/"), Contains(CGROUP, "/docker-")])),
    // LXC, systemd-nspawn and their like say so to what they start.
    container(
        "container",
        Any(&[
            Variable("container"),
            Exists("/run/systemd/container"),
            Exists("/run/host/container-manager"),
        ]),
    ),
    // After the containers: they have the machine's kernel.
    machine("wsl", Any(&[Contains(KERNEL, "microsoft"), Contains(KERNEL, "wsl")])),
];

/// A notebook whose kernel the end user started, wherever that is. `EVCXR_IS_RUNTIME` is that of
/// the Rust kernel.
const NOTEBOOK: Signal = Any(&[Variable("JPY_PARENT_PID"), Variable("EVCXR_IS_RUNTIME")]);

/// The runtime, and whether the machine in it is an image's.
pub(super) fn detect(surroundings: &Surroundings) -> (&'static str, bool) {
    let runtime = RUNTIMES.iter().find(|runtime| runtime.sign.is_in(surroundings));
    let (word, is_container) = runtime.map_or(("native", false), |found| (found.word, found.is_container));
    (if NOTEBOOK.is_in(surroundings) { "notebook" } else { word }, is_container)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    const POD: &str = "KUBERNETES_SERVICE_HOST";
    const TAG: &str = "7783-7084-3265-9085-8269-3286-77\n";

    /// Surroundings of files and variables; a file `ns` is the PID namespace.
    fn detected(files: &[(&str, &str)], variables: &[&str]) -> (&'static str, bool) {
        let folder = Folder::with(&[]);
        for (path, content) in files {
            if *path == "ns" {
                std::fs::create_dir_all(folder.path("root/proc/self/ns")).unwrap();
                #[cfg(unix)]
                std::os::unix::fs::symlink(content, folder.path("root/proc/self/ns/pid")).unwrap();
            } else {
                folder.write(&format!("root{path}"), content);
            }
        }
        let plain = Surroundings::made_of(&folder);
        let surroundings = variables.iter().fold(plain, |surroundings, variable| {
            let (name, value) = variable.split_once('=').unwrap_or((variable, "x"));
            surroundings.with_variable(name, value)
        });
        detect(&surroundings)
    }

    #[test]
    fn each_variable_names_its_runtime() {
        for (variables, runtime) in [
            (&["COLAB_RELEASE_TAG"] as &[_], "notebook"),
            (&["COLAB_GPU"], "notebook"),
            (&["KAGGLE_KERNEL_RUN_TYPE"], "notebook"),
            (&["PAPERSPACE_NOTEBOOK_REPO_ID"], "notebook"),
            (&["DATABRICKS_RUNTIME_VERSION"], "databricks"),
            (&["CODESPACES=true"], "codespaces"),
            (&["AWS_LAMBDA_FUNCTION_NAME"], "lambda"),
            (&["FUNCTIONS_WORKER_RUNTIME"], "azure_functions"),
            (&["ECS_CONTAINER_METADATA_URI"], "ecs"),
            (&["ECS_CONTAINER_METADATA_URI_V4"], "ecs"),
            (&["AWS_EXECUTION_ENV=AWS_ECS_FARGATE"], "ecs"),
            (&["AWS_EXECUTION_ENV=AWS_ECS_EC2"], "ecs"),
            (&[POD], "kubernetes"),
            (&["K_SERVICE"], "cloud_run"),
            (&["CLOUD_RUN_JOB"], "cloud_run"),
            (&["K_SERVICE", POD], "kubernetes"),
            (&["container=podman"], "podman"),
            (&["container=lxc"], "container"),
        ] {
            assert_eq!(detected(&[], variables), (runtime, true), "{variables:?}");
        }
    }

    #[test]
    fn each_file_names_its_runtime() {
        for (path, content, runtime) in [
            ("/databricks/DBR_VERSION", "15.4", "databricks"),
            ("/var/run/secrets/kubernetes.io/serviceaccount/namespace", "", "kubernetes"),
            ("/proc/self/cgroup", "0::/kubepods/burstable/pod1\n", "kubernetes"),
            ("/run/.containerenv", "", "podman"),
            ("/.dockerenv", "", "docker"),
            ("/proc/self/cgroup", "1:name=systemd:/docker/0123\n", "docker"),
            ("/proc/self/cgroup", "0::/system.slice/docker-0123.scope\n", "docker"),
            ("/run/systemd/container", "systemd-nspawn", "container"),
            ("/run/host/container-manager", "lxc", "container"),
        ] {
            assert_eq!(detected(&[(path, content)], &[]), (runtime, true), "{path} {content}");
        }
    }

    #[test]
    fn a_pod_belongs_to_the_cloud_whose_machine_it_runs_on() {
        for (path, content, runtime) in [
            ("/sys/class/dmi/id/bios_vendor", "Amazon EC2\n", "eks"),
            ("/sys/class/dmi/id/bios_vendor", "4.2.amazon\n", "eks"),
            ("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n", "eks"),
            ("/var/run/secrets/eks.amazonaws.com/serviceaccount/token", "", "eks"),
            ("/var/run/secrets/pods.eks.amazonaws.com/token", "", "eks"),
            ("/sys/class/dmi/id/chassis_asset_tag", TAG, "aks"),
            ("/var/run/secrets/azure/tokens/azure-identity-token", "", "aks"),
            ("/sys/class/dmi/id/product_name", "Google Compute Engine\n", "gke"),
            ("/sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n", "kubernetes"),
        ] {
            assert_eq!(detected(&[(path, content)], &[POD]), (runtime, true), "{path}");
            assert_eq!(detected(&[(path, content)], &[]), ("native", false), "{path}: a machine is no pod");
        }
    }

    #[test]
    fn the_file_of_docker_counts_unless_the_machines_own_processes_are_seen() {
        let file = ("/.dockerenv", "");
        assert_eq!(detected(&[file, ("ns", "pid:[4026532203]")], &[]), ("docker", true));
        #[cfg(unix)]
        assert_eq!(detected(&[file, ("ns", "pid:[4026531836]")], &[]), ("native", false));
        let cgroup = ("/proc/self/cgroup", "1:cpu:/docker/0123\n");
        assert_eq!(detected(&[file, cgroup, ("ns", "pid:[4026531836]")], &[]), ("docker", true));
    }

    #[test]
    fn a_notebook_is_one_wherever_it_stands() {
        for kernel in ["JPY_PARENT_PID", "EVCXR_IS_RUNTIME"] {
            assert_eq!(detected(&[], &[kernel]), ("notebook", false));
            assert_eq!(detected(&[("/.dockerenv", "")], &[kernel]), ("notebook", true));
        }
    }

    #[test]
    fn a_kernel_of_microsoft_is_wsl_outside_of_containers() {
        for release in ["5.15.153.1-microsoft-standard-WSL2\n", "4.4.0-19041-Microsoft\n"] {
            let kernel = ("/proc/sys/kernel/osrelease", release);
            assert_eq!(detected(&[kernel], &[]), ("wsl", false));
            assert_eq!(detected(&[kernel, ("/.dockerenv", "")], &[]), ("docker", true));
        }
    }

    #[test]
    fn what_only_looks_like_a_sign_is_none() {
        assert_eq!(detected(&[], &[]), ("native", false));
        for variable in [
            "CODESPACES=false",
            "KUBERNETES_SERVICE_HOST=",
            "JPY_PARENT_PID=",
            "AWS_EXECUTION_ENV=CloudShell",
        ] {
            assert_eq!(detected(&[], &[variable]), ("native", false), "{variable}");
        }
        let service = ("/proc/self/cgroup", "0::/system.slice/docker.service\n");
        assert_eq!(detected(&[service], &[]), ("native", false));
        assert_eq!(detected(&[("/proc/sys/kernel/osrelease", "6.18.44-fc-v657\n")], &[]), ("native", false));
    }
}
