//! Futures that are wrapped in place, for a box would be an allocation that the author's code did not
//! make. One that comes in a box leaves in a box of the same type.

use std::mem;
use std::pin::Pin;

/// A value that is pinned with its owner, beside one that is not: the projection that lets a
/// future be wrapped without a box.
#[derive(Debug)]
pub struct HalfPinned<P, F> {
    // In this order, so that the pinned value is dropped first.
    pinned: P,
    free: F,
}

impl<P, F> HalfPinned<P, F> {
    #[expect(clippy::inline_always, reason = "made for each annotated function")]
    #[inline(always)]
    pub(crate) const fn new(pinned: P, free: F) -> Self {
        Self { pinned, free }
    }

    #[expect(clippy::inline_always, reason = "made for each annotated function")]
    #[inline(always)]
    pub(crate) fn project(self: Pin<&mut Self>) -> (Pin<&mut P>, &mut F) {
        // The functions of `Pin` would be compiled for each future once more.
        // SAFETY: a `Pin` is nothing but what it holds, by `repr(transparent)`. Neither value is
        // moved out of here; `pinned` is reached through this pin alone, there is no `Drop` that
        // could move it, and `Unpin` asks for `P: Unpin`; `free` is never pinned.
        unsafe {
            let this: &mut Self = mem::transmute(self);
            (mem::transmute::<&mut P, Pin<&mut P>>(&mut this.pinned), &mut this.free)
        }
    }
}

/// A boxed future, of whatever it ends with.
pub trait BoxedFuture: Future + Sized {
    /// The same future beside another value, as [`HalfPinned`] makes one of them, in a box of the
    /// same type.
    fn beside<F: Send + Sync + 'static>(self, free: F) -> Self
    where
        HalfPinned<Self, F>: Future<Output = Self::Output>;
}

/// `dyn Future` with other markers is a type of its own.
macro_rules! boxed_futures {
    ($(dyn Future $(+ $marker:ident)*;)+) => {$(
        impl<'a, T> BoxedFuture for Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>> {
            fn beside<F: Send + Sync + 'static>(self, free: F) -> Self
            where
                HalfPinned<Self, F>: Future<Output = T>,
            {
                // As short-lived as `T`, of which we do not know that it lives for `'a`.
                let shorter: Pin<Box<dyn Future<Output = T> $(+ $marker)* + '_>> =
                    Box::pin(HalfPinned::new(self, free));
                // SAFETY: the types differ in the lifetime of the trait object alone. It holds a
                // future that lives for `'a` by its type, and `free`, which lives for ever.
                unsafe { mem::transmute(shorter) }
            }
        }
    )+};
}

boxed_futures! {
    dyn Future;
    dyn Future + Send;
    dyn Future + Send + Sync;
}
