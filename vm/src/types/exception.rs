//! `BaseException` and all built-in exceptions: one layout, extra fields (`errno`, `name`, `value` ..) are attributes.

use crate::attrs::Attrs;
use crate::error::Exc;
use crate::image::TypeDef;
use crate::object::{Cloner, Kind, Payload, layout_of};
use crate::value::Value;

/// The payload of exceptions.
#[derive(Default)]
pub struct Exception {
    /// `args`, a tuple.
    pub args: Value,
    /// `__traceback__`, or absent.
    pub traceback: Value,
    /// `__cause__`, or absent.
    pub cause: Value,
    /// `__context__`, or absent.
    pub context: Value,
    /// `__suppress_context__`
    pub suppress_context: bool,
    /// Other attributes.
    pub attrs: Attrs,
}

impl Payload for Exception {
    const KIND: Kind = Kind::Exception;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Exception, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.args, &self.traceback, &self.cause, &self.context] {
            visit(v);
        }
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        *self = Exception::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Exception {
        Exception {
            args: c.value(&self.args),
            traceback: c.value(&self.traceback),
            cause: c.value(&self.cause),
            context: c.value(&self.context),
            suppress_context: self.suppress_context,
            attrs: self.attrs.clone_in(c),
        }
    }
}

/// The declaration of a built-in exception type.
pub fn def(exc: Exc) -> TypeDef {
    TypeDef::new(exc.name(), layout_of::<Exception>).base(None).doc(exc.doc())
}
