//! Which recorded call encloses the code that runs now on this thread.

use std::cell::Cell;

use super::call_site::CallSite;

/// The recorded call that encloses some code, if one does.
pub(crate) type Enclosing = Option<&'static CallSite>;

thread_local! {
    // Made in const and without a destructor, so that it works in destructors of other
    // thread-locals, too.
    static CURRENT: Cell<Enclosing> = const { Cell::new(None) };
}

/// Makes `site` the call that encloses what follows; returns the one that did so far.
pub(crate) fn enter(site: Enclosing) -> Enclosing {
    CURRENT.try_with(|current| current.replace(site)).ok().flatten()
}
