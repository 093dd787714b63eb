//! ENVIRONMENT DATA: where this process runs.
