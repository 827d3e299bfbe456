package dev.cistern.status;

/** The reasons of conditions and events, in the form that the Kubernetes API conventions ask for. */
public enum Reason {
    // Ready
    Serving,
    Starting,
    NotServing,
    Suspended,
    Deleting,
    // Progressing
    Settled,
    Applying,
    ReplacingInstances,
    GrowingStorage,
    // Degraded
    AsExpected,
    ConfigurationRejected,
    StorageCannotGrow,
    StorageCannotShrink,
    InstanceFailing,
    // what a user has to mend
    EngineNotInstalled,
    UnknownPlan,
    UnknownVersion,
    VersionNotReachable,
    NameTaken,
    // features
    Activated,
    Pending,
    Refused,
    ProbeFailed,
    Unproven,
    Duplicate,
    DatabaseNotFound,
    // actions
    Running,
    Succeeded,
    Failed,
    DeadlineExceeded,
    UnknownAction,
    BadParameters,
    Interrupted
}
